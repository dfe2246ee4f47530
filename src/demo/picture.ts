import { SECTIONS, type Section } from './terms.ts';

/** In pixels. */
export const PICTURE_SIZE = { width: 1200, height: 675 };

/** How many pictures a section has; they are numbered from 1. */
const VARIANTS = 4;

const HUES: Readonly<Record<Section, number>> = {
  'war-in-ukraine': 212,
  politics: 258,
  economy: 158,
  sport: 24,
  arts: 326,
  society: 44,
  health: 184,
  technology: 232,
};

export function picturePath(section: Section, variant: number): string {
  return `/images/${section}-${variant}.svg`;
}

/** Every picture there is, by its path. */
export function pictures(): Map<string, string> {
  const sections = Object.keys(SECTIONS) as Section[];
  const variants = Array.from({ length: VARIANTS }, (_, index) => index + 1);
  return new Map(
    sections.flatMap((section) =>
      variants.map((variant) => [picturePath(section, variant), picture(section, variant)] as const),
    ),
  );
}

/** An SVG of a river at some hour of the day: a picture that shows nothing that could be taken for news. */
export function picture(section: Section, variant: number): string {
  const { width, height } = PICTURE_SIZE;
  const hue = HUES[section];
  const colour = (turn: number, light: number) => `hsl(${hue + turn}, 45%, ${light}%)`;
  const bank = (level: number, swing: number) =>
    `M0 ${level} C ${width / 4} ${level - swing}, ${width / 2} ${level + swing}, ${width} ${level - swing / 2} V ${height} H 0 Z`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<rect width="${width}" height="${height}" fill="${colour(0, 86 - variant * 6)}"/>
<circle cx="${170 + variant * 210}" cy="${300 - variant * 35}" r="72" fill="${colour(30, 92)}"/>
<path d="${bank(400, 60 + variant * 18)}" fill="${colour(8, 62)}"/>
<path d="${bank(480, -50 - variant * 12)}" fill="${colour(-6, 46)}"/>
<path d="${bank(580, 40)}" fill="${colour(-14, 32)}"/>
<text x="${width - 36}" y="${height - 32}" text-anchor="end" font-family="sans-serif" font-size="30" fill="${colour(30, 92)}">sample</text>
</svg>
`;
}
