import { createHash } from 'node:crypto';
import type { Content } from '../core/story.ts';

/**
 * Two versions with the same fingerprint look the same to a reader. Left out on purpose: the link and the image, whose
 * addresses carry tokens that change with every fetch; the topics, which are ours and may be given anew; the markup of
 * the body, in which publishers keep counters.
 */
export function fingerprint(content: Content): string {
  const seen = [
    content.headline,
    content.description ?? '',
    (content.body ?? '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
    content.by ?? '',
    content.located ?? '',
    content.urgency,
    [...content.flags].sort(),
    [...content.sections].sort(),
  ];
  return createHash('sha256').update(JSON.stringify(seen)).digest('base64url').slice(0, 22);
}
