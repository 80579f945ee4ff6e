/** Numbers as people read them. */

const UNITS = ['B', 'kB', 'MB', 'GB'];

/** 3_480_112 → "3.5 MB" */
export function bytes(count: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return `${(count / 1000 ** power).toFixed(power > 1 ? 1 : 0)} ${UNITS[power]}`;
}

/** 955_520 → "0.96 million", 12_300 → "12,300" */
export const count = (n: number): string =>
  n >= 1e5 ? `${(n / 1e6).toFixed(n >= 1e7 ? 1 : 2)} million` : Math.round(n).toLocaleString('en');

/** 1, "layer" → "1 layer"; 8, "layer" → "8 layers" */
export const counted = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;

/** 1234.5 → "1,230", 56.78 → "56.8" */
export const measured = (n: number): string => n.toLocaleString('en', { maximumSignificantDigits: 3 });

/** Never "0 %" or "100 %" for what is only close to it. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  if (share < 1 && share > 0.999) return '> 99.9 %';
  return `${(share * 100).toFixed(1)} %`;
}

/** 7 → "7 s", 150 → "2.5 min", 9000 → "2.5 h", 200_000 → "2.3 days" */
export function duration(seconds: number): string {
  const rounded = (n: number) => n.toLocaleString('en', { maximumFractionDigits: n < 10 ? 1 : 0 });
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${rounded(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${rounded(seconds / 3600)} h`;
  return `${rounded(seconds / 86400)} days`;
}
