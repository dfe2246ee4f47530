const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it is written in XML and HTML, in elements and quoted attributes; what XML 1.0 cannot say is left out. */
export function markup(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}

/** An element with its text, on a line of its own; nothing when there is no text. */
export function element(name: string, text: string, attributes: Record<string, string> = {}): string {
  return text === '' ? '' : `<${name}${written(attributes)}>${markup(text)}</${name}>\n`;
}

export function emptyElement(name: string, attributes: Record<string, string>): string {
  return `<${name}${written(attributes)}/>\n`;
}

function written(attributes: Record<string, string>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${markup(value)}"`)
    .join('');
}
