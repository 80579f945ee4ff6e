/** An ONNX model put together node by node. Field numbers: onnx/onnx.proto3 of the ONNX project. */
import { Message } from './protobuf.ts';

/** Numbers of TensorProto.DataType. */
const TYPES = { float32: 1, int32: 6, int64: 7 };
export type ElementType = keyof typeof TYPES;

/** Numbers of AttributeProto.AttributeType. */
const [FLOAT, INT, INTS] = [1, 2, 7];

/** A fractional number is a float attribute, a whole one an int; `{ float }` says it outright. */
export type Attribute = number | number[] | { float: number };

const IR_VERSION = 8;
const OPSET = 17;

export class Graph {
  private readonly nodes: Message[] = [];
  private readonly initializers: Message[] = [];
  private readonly inputs: Message[] = [];
  private readonly outputs: Message[] = [];
  private count = 0;

  constructor(private readonly name: string) {}

  input(name: string, type: ElementType, dims: (number | string)[]): string {
    this.inputs.push(valueInfo(name, type, dims));
    return name;
  }

  output(name: string, type: ElementType, dims: (number | string)[]): void {
    this.outputs.push(valueInfo(name, type, dims));
  }

  /** A tensor that comes with the model. */
  constant(name: string, values: Float32Array | Int32Array | BigInt64Array, dims: number[]): string {
    const type = values instanceof Float32Array ? 'float32' : values instanceof Int32Array ? 'int32' : 'int64';
    const tensor = new Message();
    for (const n of dims) tensor.int(1, n);
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.initializers.push(tensor.int(2, TYPES[type]).text(8, name).bytes(9, raw));
    return name;
  }

  /** Adds a node with one output, whose name it gives; an empty input name leaves an optional input out. */
  node(op: string, inputs: string[], attributes: Record<string, Attribute> = {}, domain = ''): string {
    const output = `${op}_${this.count++}`;
    this.nodeInto([output], op, inputs, attributes, domain);
    return output;
  }

  /** The same for outputs with names of their own. */
  nodeInto(
    outputs: string[],
    op: string,
    inputs: string[],
    attributes: Record<string, Attribute> = {},
    domain = '',
  ): void {
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    for (const output of outputs) node.text(2, output);
    node.text(3, outputs[0]).text(4, op);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    this.nodes.push(node.text(7, domain));
  }

  /** The bytes of the .onnx file. */
  finish(): Uint8Array {
    const graph = new Message();
    for (const node of this.nodes) graph.message(1, node);
    graph.text(2, this.name);
    for (const tensor of this.initializers) graph.message(5, tensor);
    for (const input of this.inputs) graph.message(11, input);
    for (const output of this.outputs) graph.message(12, output);
    return new Message()
      .int(1, IR_VERSION)
      .text(2, 'image-gpt-in-a-tab')
      .message(7, graph)
      .message(8, new Message().text(1, '').int(2, OPSET))
      .message(8, new Message().text(1, 'com.microsoft').int(2, 1))
      .finish();
  }
}

function attribute(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if (Array.isArray(value)) {
    for (const n of value) message.int(8, n);
    return message.int(20, INTS);
  }
  if (typeof value === 'object') return message.float(2, value.float).int(20, FLOAT);
  return Number.isInteger(value) ? message.int(3, value).int(20, INT) : message.float(2, value).int(20, FLOAT);
}

function valueInfo(name: string, type: ElementType, dims: (number | string)[]): Message {
  const shape = new Message();
  for (const n of dims) shape.message(1, typeof n === 'number' ? new Message().int(1, n) : new Message().text(2, n));
  const tensor = new Message().int(1, TYPES[type]).message(2, shape);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
