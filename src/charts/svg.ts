/** A sheet as an SVG file that stands by itself: letters stay letters, colours are those of the theme it was made in. */
import { type Shape, type Sheet, TEXT_SIZE } from './shapes.ts';

const CLIP = 'plot';

export function svgOf({ title, width, height, paper, font, clip, shapes }: Sheet): string {
  const [w, h] = [number(width), number(height)];
  return [
    `<svg${attributes({ xmlns: 'http://www.w3.org/2000/svg', width: w, height: h, viewBox: `0 0 ${w} ${h}`, role: 'img', 'font-family': font })}>`,
    `<title>${escaped(title)}</title>`,
    ...(clip ? [`<clipPath id="${CLIP}">${element('rect', numbers(clip))}</clipPath>`] : []),
    element('rect', { width: w, height: h, fill: paper }),
    ...shapes.map(drawn),
    '</svg>\n',
  ].join('\n');
}

type Values = Record<string, string | number | undefined>;

function drawn(shape: Shape): string {
  switch (shape.kind) {
    case 'rect': {
      const { x, y, width, height, fill, opacity } = shape;
      // Neighbours share an edge, and no paper shines through it.
      const look = {
        fill,
        opacity: opacity === undefined ? undefined : number(opacity),
        'shape-rendering': 'crispEdges',
      };
      return element('rect', { ...numbers({ x, y, width, height }), ...look });
    }
    case 'path': {
      const { points, stroke, width, dash, opacity, clipped } = shape;
      return element('polyline', {
        points: points.map((point) => point.map(number).join()).join(' '),
        fill: 'none',
        stroke,
        'stroke-width': width,
        'stroke-dasharray': dash?.join(' '),
        'stroke-linejoin': 'round',
        opacity,
        ...within(clipped),
      });
    }
    case 'dot': {
      const { x, y, r, fill = 'none', stroke, width, opacity, clipped } = shape;
      const look = { fill, stroke, 'stroke-width': width, opacity };
      return element('circle', { cx: number(x), cy: number(y), r, ...look, ...within(clipped) });
    }
    case 'text': {
      const { x, y, text, fill, anchor, size = TEXT_SIZE, bold, halo, upright } = shape;
      const around = halo
        ? { stroke: halo, 'stroke-width': 3, 'stroke-linejoin': 'round', 'paint-order': 'stroke' }
        : {};
      const [at, middle] = [number(x), number(y)];
      const values = {
        x: at,
        y: middle,
        fill,
        // Not dominant-baseline, which some readers of SVG do not know.
        dy: '0.35em',
        'text-anchor': anchor,
        'font-size': size,
        'font-weight': bold ? 600 : undefined,
        ...around,
        transform: upright ? `rotate(-90 ${at} ${middle})` : undefined,
      };
      return `<text${attributes(values)}>${escaped(text)}</text>`;
    }
  }
}

const within = (clipped: boolean | undefined): Values => (clipped ? { 'clip-path': `url(#${CLIP})` } : {});

const element = (name: string, values: Values): string => `<${name}${attributes(values)}/>`;

const attributes = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escaped(String(value))}"`))
    .join('');

/** To a hundredth of a pixel. */
const number = (value: number): number => Math.round(100 * value) / 100;
const numbers = (values: Record<string, number>): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, number(value)]));

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML 1.0 cannot carry at all, control characters, is left out. */
const escaped = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
  text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '').replace(/[&<>"]/g, (letter) => ENTITIES[letter]);
