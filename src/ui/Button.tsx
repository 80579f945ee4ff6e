/** The page's buttons: one accent-coloured action at most in a zone, everything else quiet. */
import type { ComponentProps } from 'react';
import styles from './Button.module.css';

interface Props extends ComponentProps<'button'> {
  look?: 'primary' | 'plain' | 'quiet';
  /** Square, for a lone icon; give it an aria-label. */
  square?: boolean;
}

export function Button({ look = 'plain', square = false, className = '', ...rest }: Props) {
  const classes = [styles.button, styles[look], square ? styles.square : '', className];
  return <button type="button" className={classes.filter(Boolean).join(' ')} {...rest} />;
}
