const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

/** `uk` → Ukrainian; what is no language tag comes back as it is. */
export function languageName(tag: string): string {
  if (tag === 'und') return 'Unknown language';
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** `pt-BR` → `pt`: a filter for a language finds its regional kinds too. */
export function primaryLanguage(tag: string): string {
  return tag.split('-', 1)[0]?.toLowerCase() || 'und';
}
