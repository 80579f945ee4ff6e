/** A chart as a table: a row for each x at which any line has a point. */
import type { Series } from './series.ts';

export function csvOf(xLabel: string, series: Series[]): string {
  const xs = [...new Set(series.flatMap(({ x }) => Array.from(x)))].sort((a, b) => a - b);
  const columns = series.flatMap(({ label, x, y, error }) => {
    const places = new Map(Array.from(x, (at, place) => [at, place]));
    const column = (name: string, values: ArrayLike<number>) => ({
      name,
      cell: (at: number) => {
        const place = places.get(at);
        return place === undefined ? '' : String(values[place]);
      },
    });
    return [column(label, y), ...(error ? [column(`${label}, standard error`, error)] : [])];
  });
  const head = [xLabel, ...columns.map(({ name }) => name)].map(quoted).join(',');
  const rows = xs.map((at) => [at, ...columns.map(({ cell }) => cell(at))].join(','));
  return `${[head, ...rows].join('\n')}\n`;
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
