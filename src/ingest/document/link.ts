/** No link is longer; what is longer is not an address for readers. */
const MAX_LINK = 4096;

/** Parameters that tell the publisher where a reader came from, and change nothing of what the reader sees. */
const TRACKING_PREFIXES = ['utm_', 'mtm_', 'matomo_', 'pk_', 'piwik_', 'hsa_', 'stm_', 'itm_'];
const TRACKING = new Set([
  'fbclid',
  'fb_action_ids',
  'fb_action_types',
  'fb_ref',
  'fb_source',
  'gclid',
  'gclsrc',
  'dclid',
  'gbraid',
  'wbraid',
  'gad_source',
  'srsltid',
  'yclid',
  'ysclid',
  'ymclid',
  '_openstat',
  'openstat',
  'msclkid',
  'twclid',
  'ttclid',
  'igshid',
  'igsh',
  'li_fat_id',
  'mc_cid',
  'mc_eid',
  'mc_tc',
  'mkt_tok',
  '_hsenc',
  '_hsmi',
  '__hssc',
  '__hstc',
  '__hsfp',
  'hsctatracking',
  'oly_anon_id',
  'oly_enc_id',
  'vero_id',
  'vero_conv',
  'wickedid',
  'rb_clickid',
  's_cid',
  's_kwcid',
  'xtor',
  'ftag',
  'at_medium',
  'at_campaign',
  'at_custom1',
  'at_custom2',
  'at_custom3',
  'at_custom4',
  'ocid',
  'ncid',
  'cmpid',
  'ito',
  'sref',
  'spm',
  'mindbox-click-id',
  'campaign_id',
  '_branch_match_id',
  'feature=youtube_gdata',
  'partner=rss',
  'emc=rss',
  'from=rss',
]);
const TRACKING_FRAGMENT = /^#(?:xtor|ftag|utm_[a-z]+|at_[a-z]+|ref|echobox)=/i;

/**
 * An absolute http(s) address, whatever `href` was relative to; `undefined` when it is none.
 *
 * @param bases tried in turn; the first one against which the address makes sense is taken
 */
export function absoluteUrl(href: string | undefined, ...bases: (string | undefined)[]): string | undefined {
  const text = href?.trim().replace(/^(?:\/\/)?(?=www\.[\w-]+\.)/i, 'https://');
  if (!text || text.length > MAX_LINK) return undefined;
  for (const base of [undefined, ...bases]) {
    if (!URL.canParse(text, base)) continue;
    const url = new URL(text, base);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
    // To write either one reads the whole address again.
    if (url.username !== '') url.username = '';
    if (url.password !== '') url.password = '';
    return url.href.length > MAX_LINK ? undefined : url.href;
  }
  return undefined;
}

/** As `absoluteUrl`, without tracking parameters; all that remains is left as the publisher wrote it. */
export function canonicalLink(
  href: string | undefined,
  ...bases: (string | undefined)[]
): string | undefined {
  const absolute = absoluteUrl(href, ...bases);
  if (!absolute) return undefined;
  const url = new URL(absolute);
  if (url.search !== '') {
    // Not by searchParams: it would rewrite the escapes of every other parameter.
    const parameters = url.search.slice(1).split('&');
    const kept = parameters.filter((parameter) => !isTracking(parameter, url.hostname));
    if (kept.length < parameters.length) url.search = kept.join('&');
  }
  if (TRACKING_FRAGMENT.test(url.hash)) url.hash = '';
  return url.href;
}

function isTracking(parameter: string, host: string): boolean {
  const lower = parameter.toLowerCase();
  const [name = '', value = ''] = lower.split('=', 2);
  return (
    TRACKING.has(name) ||
    TRACKING.has(lower) ||
    TRACKING_PREFIXES.some((prefix) => name.startsWith(prefix)) ||
    (name === 'ref' && value.replace(/^www\./, '') === host.replace(/^www\./, ''))
  );
}
