/** 1_230_000_000 → "1.2 GB", 24_000_000 → "24 MB" */
export const readableBytes = (bytes: number): string =>
  bytes >= 0.1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
