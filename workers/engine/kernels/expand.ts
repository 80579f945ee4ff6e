/**
 * What WGSL lacks, as little as possible: loops unrolled in the text, because not every driver keeps a register tile in
 * registers otherwise (SwiftShader is 20 times slower with an array), parts left out, and bindings numbered in order.
 *
 *   #for i TM … #end     the lines once for each i below TM, with $i replaced; {$i/4} and $i%4 are worked out
 *   #if BIAS … #end      the lines only if BIAS is true; #if !BIAS the other way round
 *   @binding(#)          0, 1, … in the order of what is left
 *
 * Numbers also become `const NAME = 4u;`, so that the rest of the kernel is plain WGSL. Where HALF or SUBGROUPS is
 * said, either way, stored.wgsl or reduce.wgsl stands before the text.
 */
import reduce from './reduce.wgsl?raw';
import stored from './stored.wgsl?raw';

const ENABLE = /^enable .*$/gm;

export type Defines = Record<string, number | boolean>;

interface Block {
  /** How often the lines are written, and the name of the counter. */
  times: number;
  counter: string;
  lines: string[];
}

/** Throws when the text names something that is not defined or its blocks do not match. */
export function expand(text: string, defines: Defines): string {
  const open: Block[] = [{ times: 1, counter: '', lines: [] }];
  const whole = ('HALF' in defines ? stored : '') + ('SUBGROUPS' in defines ? reduce : '') + text;
  for (const line of whole.split('\n')) {
    const [, word, rest = ''] = /^\s*#(for|if|end)\b\s*(.*)$/.exec(line) ?? [];
    if (word === 'for') {
      const [counter, count] = rest.split(/\s+/);
      open.push({ times: Number(defined(count, defines)), counter, lines: [] });
    } else if (word === 'if') {
      const negated = rest.startsWith('!');
      const value = Boolean(defined(negated ? rest.slice(1) : rest, defines));
      open.push({ times: value !== negated ? 1 : 0, counter: '', lines: [] });
    } else if (word === 'end') {
      const block = open.pop()!;
      if (open.length === 0) throw new Error('A kernel has an #end too many.');
      for (let i = 0; i < block.times; i++) open.at(-1)!.lines.push(...block.lines.map((l) => counted(l, block, i)));
    } else {
      open.at(-1)!.lines.push(line);
    }
  }
  if (open.length > 1) throw new Error('A kernel lacks an #end.');
  let binding = 0;
  const body = open[0].lines.join('\n').replaceAll('@binding(#)', () => `@binding(${binding++})`);
  const constants = Object.entries(defines).flatMap(([name, v]) =>
    typeof v === 'number' ? [`const ${name} = ${v}u;`] : [],
  );
  // WGSL wants these before anything else.
  const enables = body.match(ENABLE) ?? [];
  return [...enables, ...constants, body.replace(ENABLE, '')].join('\n');
}

function counted(line: string, { counter }: Block, i: number): string {
  if (!counter) return line;
  const replaced = line.replaceAll(`$${counter}`, String(i));
  return replaced
    .replace(/\{(\d+)\/(\d+)\}/g, (_, n, d) => String(Math.floor(n / d)))
    .replace(/\b(\d+)%(\d+)\b/g, (_, n, d) => String(n % d));
}

function defined(name: string, defines: Defines): number | boolean {
  if (/^\d+$/.test(name)) return Number(name);
  const value = defines[name];
  if (value === undefined) throw new Error(`A kernel asks for ${name}, which is not defined.`);
  return value;
}
