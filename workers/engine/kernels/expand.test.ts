import { expect, it } from 'vitest';
import { expand } from './expand.ts';

const body = (text: string, defines = {}) => expand(text, defines).trim();

it('unrolls loops, one inside another, and works out quotients of counters', () => {
  expect(body('#for i 2\n#for j N\nx$i_$j = a{$i/2}[$i%2];\n#end\n#end', { N: 1 })).toBe(
    'const N = 1u;\nx0_0 = a0[0];\nx1_0 = a0[1];',
  );
});

it('keeps lines by condition and numbers the bindings that are left', () => {
  const text = '#if BIAS\n@binding(#) bias\n#end\n#if !BIAS\nplain\n#end\n@binding(#) y';
  expect(body(text, { BIAS: true })).toBe('@binding(0) bias\n@binding(1) y');
  expect(body(text, { BIAS: false })).toBe('plain\n@binding(0) y');
});

it('refuses names that are not defined and blocks that do not match', () => {
  expect(() => expand('#if NOPE\n#end', {})).toThrow('asks for NOPE');
  expect(() => expand('#for i 2', {})).toThrow('lacks an #end');
  expect(() => expand('#end', {})).toThrow('an #end too many');
});
