export function findChromium(): string | null;
export function findHeadlessShell(): string | null;
export function findFirefox(): string | null;
export function findWebKitDriver(): string | null;
export function findXvfb(): string | null;
export function hasWebKitBindings(): boolean;
export function hasVulkan(): boolean;
