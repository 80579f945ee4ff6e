/** How the model is to choose: the everyday settings in a row, the rest folded. */
import { Collapsible } from 'radix-ui';
import { completion } from '../state/completion.ts';
import { SAMPLING_RANGES, useSampling } from '../state/sampling.ts';
import { useSession } from '../state/session.ts';
import { Button } from '../ui/Button.tsx';
import { ChevronDown } from '../ui/icons.tsx';
import { SeedField } from '../ui/SeedField.tsx';
import { Slider } from '../ui/Slider.tsx';
import { Switch } from '../ui/Switch.tsx';
import { ClassField } from './ClassField.tsx';
import styles from './SamplingControls.module.css';

export function SamplingControls() {
  const sampling = useSampling((s) => s.sampling);
  const change = useSampling((s) => s.change);
  const colours = useSession((s) => (s.model ? s.model.palette.length / 3 : SAMPLING_RANGES.topK.max));
  return (
    <Collapsible.Root className={styles.controls}>
      <ClassField />
      <div className={styles.row}>
        <Slider
          label="Variants"
          {...SAMPLING_RANGES.variants}
          value={sampling.variants}
          onChange={(variants) => change({ variants })}
        />
        <Slider
          label="Temperature"
          {...SAMPLING_RANGES.temperature}
          value={sampling.temperature}
          format={(t) => t.toFixed(2)}
          onChange={(temperature) => change({ temperature })}
        />
        <SeedField
          seed={sampling.seed}
          onChange={(seed) => change({ seed })}
          onEnter={() => void completion.getState().complete()}
        />
        <Collapsible.Trigger asChild>
          <Button look="quiet" className={styles.more}>
            More
            <ChevronDown />
          </Button>
        </Collapsible.Trigger>
      </div>
      <Collapsible.Content className={styles.folded}>
        <Slider
          label="Top-k"
          {...SAMPLING_RANGES.topK}
          max={colours}
          value={Math.min(sampling.topK, colours)}
          format={(k) => (k === 0 || k === colours ? 'all colours' : `${k} likeliest`)}
          onChange={(topK) => change({ topK })}
          hint="Keeps only the likeliest colours."
        />
        <Slider
          label="Top-p"
          {...SAMPLING_RANGES.topP}
          value={sampling.topP}
          format={(p) => p.toFixed(2)}
          onChange={(topP) => change({ topP })}
          hint="Keeps the fewest colours that reach this probability together."
        />
        <Switch
          label="Look-ahead"
          checked={sampling.lookAhead}
          onChange={(lookAhead) => change({ lookAhead })}
          hint="Lets pixels drawn further down shape what comes above them: variants that predict them badly give way to better ones."
        />
      </Collapsible.Content>
    </Collapsible.Root>
  );
}
