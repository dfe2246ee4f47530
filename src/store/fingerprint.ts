import { hash } from 'node:crypto';
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
      // White space becomes one space; what is one already, as nearly all of it is, need not.
      .replace(/(?: \s|[^\S ])\s*/g, ' ')
      .trim(),
    content.by ?? '',
    content.located ?? '',
    content.urgency,
    [...content.flags].sort(),
    [...content.sections].sort(),
  ];
  return hash('sha256', JSON.stringify(seen), 'base64url').slice(0, 22);
}
