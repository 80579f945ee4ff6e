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
