import { expect, it } from 'vitest';
import { Message, varint } from './protobuf.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

it('writes numbers as the encoding guide of Protocol Buffers has them', () => {
  expect(hex(varint(0))).toBe('00');
  expect(hex(varint(150))).toBe('9601');
  expect(hex(varint(2 ** 40))).toBe('808080808020');
  expect(hex(new Message().int(1, 150).finish())).toBe('089601');
});

it('writes text, messages in messages, and floats', () => {
  expect(hex(new Message().text(2, 'testing').finish())).toBe('120774657374696e67');
  expect(hex(new Message().message(3, new Message().int(1, 150)).finish())).toBe('1a03089601');
  expect(hex(new Message().float(1, 1).finish())).toBe('0d0000803f');
});
