/**
 * What a graphics adapter reports about itself: one rule for the page, which asks before the worker
 * has started, and for the worker. Against fingerprinting, browsers leave fields, or all of the info,
 * empty or out.
 */

/** GPUAdapterInfo made complete: a missing text is empty, a missing flag undefined. */
export interface AdapterInfo {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  isFallbackAdapter: boolean | undefined;
}

/** Never throws, even if the browser does when a field is read. */
export function adapterInfo(adapter: object): AdapterInfo {
  const info = read(adapter, 'info');
  const text = (field: string) => {
    const value = read(info, field);
    return typeof value === 'string' ? value : '';
  };
  // The flag was an attribute of the adapter before it moved to the info.
  const flag = read(info, 'isFallbackAdapter') ?? read(adapter, 'isFallbackAdapter');
  return {
    vendor: text('vendor'),
    architecture: text('architecture'),
    device: text('device'),
    description: text('description'),
    isFallbackAdapter: typeof flag === 'boolean' ? flag : undefined,
  };
}

/** The name people know an adapter by. */
export function adapterName({ vendor, architecture, description }: AdapterInfo): string {
  return description || [vendor, architecture].filter(Boolean).join(' ') || 'an unnamed adapter';
}

/** Whether the adapter runs on the CPU (SwiftShader, lavapipe, WARP); undefined if it is unnamed. */
export function isSoftware(info: AdapterInfo): boolean | undefined {
  const { vendor, architecture, device, description, isFallbackAdapter } = info;
  if (isFallbackAdapter) return true;
  const words = `${vendor} ${architecture} ${device} ${description}`;
  if (words.trim() === '') return undefined;
  return /swiftshader|llvmpipe|lavapipe|warp|basic render/i.test(words);
}

function read(object: unknown, field: string): unknown {
  try {
    return (object as Record<string, unknown> | null | undefined)?.[field];
  } catch {
    return undefined;
  }
}
