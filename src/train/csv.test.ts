import { expect, it } from 'vitest';
import { csvOf } from './csv.ts';

it('has a row a step, and what judged it where it was judged', () => {
  const history = {
    loss: Float32Array.of(6.25, 6),
    gradientNorm: Float32Array.of(1, 0.5),
    rate: Float32Array.of(0.25, 0.5),
    seconds: Float32Array.of(1.5, 3),
    validations: [{ step: 2, loss: 5.75 }],
    samples: [],
  };
  expect(csvOf(history)).toBe(
    'step,loss_nats,gradient_norm,learning_rate,seconds,validation_nats\n1,6.25,1,0.25,1.5,\n2,6,0.5,0.5,3,5.75\n',
  );
});

it('leaves out the gradient of a step that was skipped', () => {
  const one = Float32Array.of(1);
  const history = { loss: one, gradientNorm: Float32Array.of(Number.NaN), rate: one, seconds: one };
  expect(csvOf({ ...history, validations: [], samples: [] }).split('\n')[1]).toBe('1,1,,1,1,');
});

it('has the classes beside, where they are learnt', () => {
  const list = (...values: number[]) => Float32Array.from(values);
  const history = {
    loss: list(6.25, 6),
    gradientNorm: list(1, 0.5),
    rate: list(0.25, 0.5),
    seconds: list(1.5, 3),
    classes: { loss: list(2.25, 2), accuracy: list(0.125, 0.25) },
    validations: [{ step: 2, loss: 5.75, classes: { loss: 1.5, accuracy: 0.5 } }],
    samples: [],
  };
  expect(csvOf(history).split('\n').slice(0, 3)).toEqual([
    'step,loss_nats,gradient_norm,learning_rate,seconds,validation_nats,class_loss_nats,accuracy,validation_class_loss_nats,validation_accuracy',
    '1,6.25,1,0.25,1.5,,2.25,0.125,,',
    '2,6,0.5,0.5,3,5.75,2,0.25,1.5,0.5',
  ]);
});
