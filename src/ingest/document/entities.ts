/** Entities that a document declares for itself beyond this are not read: no feed needs them. */
const MAX_DECLARED = 256;
/** Characters by which all of them together may lengthen a document. */
const MAX_GROWTH = 100_000;
/** XML gives these their meaning; a document has no say in it. */
const PREDEFINED = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);
const DECLARATION = /<!ENTITY\s+([\w.-]{1,64})\s+(?:"([^"]{0,64})"|'([^']{0,64})')\s*>/g;
const DECLARED_NAME = /<!ENTITY\s+([\w.-]{1,64})\s/g;
/** A value that cannot grow: plain text, or characters by their number. */
const PLAIN = /^(?:[^&<%]|&(?:amp;)?#\d{1,7};|&(?:amp;)?#x[\da-f]{1,6};)*$/i;

/**
 * What the document's own entities stand for, by name: the text of those that are only a text, as RSS 0.91 declared
 * its umlauts; nothing for all others, which are made of other entities or lie in files.
 *
 * @param prolog all that stands before the root's tag
 */
export function declaredEntities(prolog: string): Map<string, string> {
  const declared = new Map<string, string>();
  if (!/<!ENTITY\s/.test(prolog)) return declared;
  for (const [, name = ''] of prolog.matchAll(DECLARED_NAME)) {
    if (declared.size < MAX_DECLARED && !PREDEFINED.has(name)) declared.set(name, '');
  }
  for (const [, name = '', quoted, single] of prolog.matchAll(DECLARATION)) {
    const value = (quoted ?? single ?? '').replace(/&amp;(?=#)/g, '&');
    if (declared.has(name) && PLAIN.test(value)) declared.set(name, value);
  }
  return declared;
}

/** Puts the text of declared entities where they are named; what would make the document grow much is left out. */
export function replaceEntities(xml: string, declared: ReadonlyMap<string, string>): string {
  if (declared.size === 0) return xml;
  let growth = 0;
  return xml.replace(/&([\w.-]{1,64});/g, (whole, name: string) => {
    const text = declared.get(name);
    if (text === undefined) return whole;
    growth += Math.max(0, text.length - whole.length);
    return growth > MAX_GROWTH ? '' : text;
  });
}
