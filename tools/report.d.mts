interface Summary {
  passed: number;
  failed: string[];
  skipped: string[];
  slowest: { name: string; ms: number }[];
}
export function unitTests(report: unknown, root: string): Summary;
export function endToEndTests(report: unknown): Summary & { projects: Record<string, number> };
export function skippedLines(kind: string, reasons: string[]): string[];
export function duration(ms: number): string;
