/** What Image GPT is, what others have measured, how this page works and where it ends. */
import styles from './About.module.css';
import { Benchmark } from './Benchmark.tsx';
import { Figure } from './Figure.tsx';
import { LayersFigure } from './LayersFigure.tsx';
import { NumbersTable } from './NumbersTable.tsx';
import { LAYERS, LIKELIHOOD, PROBES, SHIPPED_LAYERS } from './numbers.ts';
import { ReadingFigure } from './ReadingFigure.tsx';

export function About() {
  return (
    <article className={styles.about}>
      <section>
        <h2>What Image GPT is</h2>
        <p>
          Image GPT is a language model that writes pictures. It knows nothing of shapes, edges or neighbours: a picture
          is a sequence of colours to it, read row by row, and it has learned one thing only, to foresee the next colour
          from all the colours before. Mark Chen and others at OpenAI showed in 2020 that this is enough to finish half
          a picture plausibly, and that the features it learns on the way tell cats from ships about as well as those of
          networks trained for that purpose.
        </p>
        <Figure />
        <p>
          How well it foresees is measured by its <em>surprise</em>: the negative logarithm of the probability that it
          gave to the colour that came. Counted in bits and averaged over the pixels, it says how much news a picture
          held. A guess among 512 equally likely colours would cost 9 bits a pixel.
        </p>
      </section>

      <section>
        <h2>Watch it read your drawing</h2>
        <p>Point at a pixel, or go through them with the slider: the three pictures show the same moment of reading.</p>
        <ReadingFigure />
      </section>

      <section>
        <h2>Why the middle knows most</h2>
        <p>
          To foresee pixels well, the model has to find out what the picture shows. A linear probe tells where that
          knowledge sits: a plain classifier learns the ten classes of CIFAR-10 from what one layer makes of a picture,
          and nothing else. The first layers have not understood much yet; the last ones turn back to colours, because
          that is what they must say. In between is what the model knows of the whole.
        </p>
        <LayersFigure />
        <NumbersTable {...SHIPPED_LAYERS} />
        <NumbersTable {...LAYERS} />
        <p>
          The published curve lies higher because iGPT-L is seven hundred times as large and was trained on ImageNet.
          The shape is the same. <em>Probe</em> measures this here, for any model.
        </p>
      </section>

      <section>
        <h2>Published numbers</h2>
        <NumbersTable {...LIKELIHOOD} />
        <NumbersTable {...PROBES} />
      </section>

      <section>
        <h2>How this page works</h2>
        <p>
          The model runs on your own device, in a worker beside the page: on the GPU through WebGPU where there is one,
          else on the processor through WebAssembly. Nothing that you draw or open is sent anywhere. The badge at the
          top says what it runs on and why.
        </p>
        <p>
          All completions are sampled together, one pixel at a time. Pixels that you have drawn stay as they are,
          wherever they lie. As the model reads from the top left to the bottom right, a pixel that is drawn further
          down cannot influence what comes before it, unless look-ahead is on: then the completions compete, and those
          that foresee your drawn pixels badly give way to copies of those that foresee them well.
        </p>
        <p>
          The same seed gives the same pictures on the same device. The address of the page carries the drawing and the
          settings, so a copied link shows others what you see.
        </p>
      </section>

      <section>
        <h2>How fast this device is</h2>
        <p>
          Two measurements with a small untrained model (4 layers, width 128, 4 heads, 16 × 16 pixels): completing eight
          pictures of which half is given, and training on four pictures at a time. They take about ten seconds.
        </p>
        <Benchmark />
      </section>

      <section>
        <h2>What it cannot do yet</h2>
        <ul className={styles.list}>
          <li>
            The two models that come with the page are small and have seen ten kinds of things, in pictures of 16 × 16
            and 32 × 32 pixels. They know colours and masses better than details.
          </li>
          <li>
            Larger models in the Hugging Face layout can be opened from your own files, as far as the memory of your
            device goes.
          </li>
          <li>
            It completes pictures, trains and fine-tunes small models on your data, and probes their layers. What takes
            days on large machines, such as iGPT-L itself, cannot be trained in a tab.
          </li>
          <li>The original under a picture of your own stays on your device: a link carries the drawing alone.</li>
        </ul>
      </section>

      <section>
        <h2>Credits</h2>
        <ul className={styles.list}>
          <li>
            M. Chen, A. Radford, R. Child, J. Wu, H. Jun, D. Luan, I. Sutskever:{' '}
            <a href="https://proceedings.mlr.press/v119/chen20s.html">Generative Pretraining from Pixels</a>, ICML 2020,
            with <a href="https://github.com/openai/image-gpt">code and models</a>.
          </li>
          <li>
            A. Krizhevsky:{' '}
            <a href="https://www.cs.toronto.edu/~kriz/cifar.html">
              Learning Multiple Layers of Features from Tiny Images
            </a>
            , 2009: the CIFAR-10 pictures of the model and the examples.
          </li>
          <li>
            A. Karpathy: <a href="https://github.com/karpathy/minGPT">minGPT</a>, whose small image model is the one to
            compare with.
          </li>
        </ul>
      </section>
    </article>
  );
}
