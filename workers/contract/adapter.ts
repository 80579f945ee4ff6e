/**
 * What a graphics adapter says of itself. The page asks before the worker has started, and the worker asks again: one rule
 * for both. To hide who is there, browsers leave fields empty, or out, or the whole of it.
 */

/** As GPUAdapterInfo, always whole: empty strings for what is not told, undefined where the flag is not. */
export interface AdapterInfo {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  isFallbackAdapter: boolean | undefined;
}

/** Never throws, whatever the browser does when a field is read. */
export function adapterInfo(adapter: object): AdapterInfo {
  const info = read(adapter, 'info');
  const text = (field: string) => {
    const value = read(info, field);
    return typeof value === 'string' ? value : '';
  };
  // The flag was the adapter's own before it was the info's.
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

/** Whether the adapter runs on the processor (SwiftShader, lavapipe, WARP); undefined for one that nothing is known of. */
export function isSoftware({ vendor, architecture, device, description, isFallbackAdapter }: AdapterInfo) {
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
