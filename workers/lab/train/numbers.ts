/** A list of 32-bit floats that grows: four bytes a number, where an array of JavaScript's would take three times as many and more. */
export class Numbers {
  private values: Float32Array;
  length: number;

  constructor(values: Float32Array) {
    this.values = values.slice();
    this.length = values.length;
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float32Array(Math.max(256, 2 * this.length));
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  /** From the end where negative; undefined beyond. */
  at(i: number): number | undefined {
    const place = i < 0 ? this.length + i : i;
    return place >= 0 && place < this.length ? this.values[place] : undefined;
  }

  /** Forgets what is beyond so many. */
  cut(length: number): void {
    this.length = Math.min(this.length, length);
  }

  /** A copy. */
  slice(from: number, to = this.length): Float32Array {
    return this.values.slice(from, Math.min(to, this.length));
  }
}
