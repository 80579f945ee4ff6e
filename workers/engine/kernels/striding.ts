/** The workgroups of kernels whose threads stride over their elements: enough to fill a GPU, never beyond its limits. */

const MOST = 4096;

/** For so many elements, 64 threads a workgroup. */
export const stridingGroups = (elements: number): number => Math.min(MOST, Math.ceil(elements / 64));
