/**
 * 16-bit floats to and from 32 bits, by their bits: IEEE 754 binary16 ("F16") and bfloat16 ("BF16"). JavaScript has
 * no array of either that every browser knows. NaN keeps its payload.
 */

/** The 32 bits of an F16: exponent rebiased from 15 to 127, mantissa moved from 10 to 23 bits. */
function widen(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (mantissa << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (mantissa << 13);
  if (mantissa === 0) return sign;
  // Subnormal in F16, normal in F32: its leading one becomes the hidden one.
  const shift = Math.clz32(mantissa) - 21;
  return sign | ((113 - shift) << 23) | (((mantissa << shift) & 0x3ff) << 13);
}

/** All 65,536 answers of widen: a model has millions of weights. */
let table: Uint32Array | undefined;

/** Bits of F16 values as F32 values, exactly. */
export function float16ToFloat32(halves: Uint16Array): Float32Array {
  table ??= Uint32Array.from({ length: 1 << 16 }, (_, half) => widen(half));
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = table[halves[i]];
  return new Float32Array(bits.buffer);
}

/** Bits of BF16 values as F32 values, exactly: a BF16 is the upper half of an F32. */
export function bfloat16ToFloat32(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i] << 16;
  return new Float32Array(bits.buffer);
}

/** Bits of the F16 values nearest to F32 values, ties to even; from 65520 on, infinity. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = narrow(bits[i]);
  return halves;
}

function narrow(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) {
    const payload = (magnitude >> 13) & 0x3ff;
    // A payload only in the bits that fall away would leave infinity.
    return sign | 0x7c00 | (payload || 0x200);
  }
  const exponent = (magnitude >> 23) - 112;
  if (exponent >= 0x1f) return sign | 0x7c00;
  if (exponent > 0) return sign | roundEven((exponent << 23) | (magnitude & 0x7fffff), 13);
  // Subnormal in F16: the hidden one comes back, and more bits fall away. Past 24 all do.
  if (exponent < -10) return sign;
  return sign | roundEven((magnitude & 0x7fffff) | 0x800000, 14 - exponent);
}

/** value / 2^bits to the nearest integer, ties to even. A carry into the exponent is what rounding up means there. */
function roundEven(value: number, bits: number): number {
  const half = 1 << (bits - 1);
  const rest = value & ((1 << bits) - 1);
  const floor = value >> bits;
  return rest > half || (rest === half && (floor & 1) === 1) ? floor + 1 : floor;
}
