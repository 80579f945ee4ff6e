/**
 * Colours as people see them: a perceptual space, the nearest palette entry, a plain English name.
 * OKLab: Björn Ottosson, "A perceptual color space for image processing" (2020).
 */

export type Rgb = readonly [red: number, green: number, blue: number];

export interface Seen {
  /** 0 black to 1 white. */
  lightness: number;
  /** 0 grey; the strongest screen colours reach about 0.3. */
  chroma: number;
  /** Degrees; red lies near 29. */
  hue: number;
}

export function paletteColour(palette: Uint8Array, index: number): Rgb {
  return [palette[3 * index], palette[3 * index + 1], palette[3 * index + 2]];
}

export function seen([red, green, blue]: Rgb): Seen {
  const [r, g, b] = [red, green, blue].map((byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const greenRed = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const blueYellow = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  const degrees = (Math.atan2(blueYellow, greenRed) * 180) / Math.PI;
  return {
    lightness: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    chroma: Math.hypot(greenRed, blueYellow),
    hue: (degrees + 360) % 360,
  };
}

/** The palette entry at the least squared distance in RGB, the measure by which pictures are reduced to the palette. */
export function nearestColour(palette: Uint8Array, [red, green, blue]: Rgb): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < palette.length; i += 3) {
    const distance = (palette[i] - red) ** 2 + (palette[i + 1] - green) ** 2 + (palette[i + 2] - blue) ** 2;
    if (distance < least) {
      least = distance;
      nearest = i / 3;
    }
  }
  return nearest;
}

export function hex(rgb: Rgb): string {
  return `#${rgb.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Where each hue begins, in degrees. */
const HUES: readonly [from: number, name: string][] = [
  [0, 'pink'],
  [15, 'red'],
  [45, 'orange'],
  [80, 'yellow'],
  [120, 'green'],
  [170, 'teal'],
  [215, 'blue'],
  [285, 'violet'],
  [320, 'magenta'],
  [350, 'pink'],
];

function greyName(lightness: number): string {
  if (lightness < 0.2) return 'black';
  if (lightness < 0.45) return 'dark grey';
  if (lightness < 0.75) return 'grey';
  return lightness < 0.96 ? 'light grey' : 'white';
}

export function colourName(rgb: Rgb): string {
  const { lightness, chroma, hue } = seen(rgb);
  if (chroma < 0.025 || lightness < 0.15) return greyName(lightness);
  let name = HUES.findLast(([from]) => hue >= from)![1];
  if (name === 'orange' && (lightness < 0.6 || chroma < 0.09)) name = lightness < 0.72 ? 'brown' : 'beige';
  if (name === 'yellow' && lightness < 0.65) name = 'olive';
  if (lightness < 0.38) return `dark ${name}`;
  if (lightness > 0.78 && name !== 'yellow' && name !== 'beige') return `light ${name}`;
  return chroma < 0.06 && name !== 'brown' && name !== 'beige' ? `greyish ${name}` : name;
}
