export const USAGE = `newswire: a real-time news feed service

  newswire serve       reads sources and serves clients, in one process
  newswire ingest      reads sources only; any number of these share one Redis
  newswire gateway     serves clients only; any number of these share one Redis
  newswire demo        serve, with a sample newsroom instead of sources

  newswire tail [--topics a,b] [--filter EXPR] [--url URL] [--after CURSOR] [--last N] [--token T] [--json]
                       shows live stories
  newswire check URL-or-FILE [--json]
                       reads one feed as ingest would, and stores nothing
  newswire sources import FILE.opml
                       prints the feeds of a feed reader's list as sources
  newswire topics find WORDS [--lang uk]
                       looks topics up by their names, in any language
  newswire topics explain [--lang uk] TEXT-or-FILE [--json]
                       the topics of a text, and why; its first line is the headline; - reads standard input
  newswire topics validate [FILE]
                       whether a file of your own topics can be used
  newswire topics import FILE.json
                       prints what IPTC's export of Media Topics has beyond ours as such a file
  newswire token --sub NAME [--role R] [--filter EXPR] [--ttl 1h]
                       signs a token with AUTH_SECRET

Settings are environment variables, or lines of .env; .env.example has them all.`;
