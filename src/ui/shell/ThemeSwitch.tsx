/** Light, dark, or as the system has it. */
import { THEMES, type Theme, useTheme } from '../../state/theme.ts';
import { Button } from '../Button.tsx';
import { Moon, Screen, Sun } from '../icons.tsx';
import { Menu, MenuChoice } from '../Menu.tsx';

const LOOKS: Record<Theme, { label: string; Icon: typeof Sun }> = {
  system: { label: 'As the system', Icon: Screen },
  light: { label: 'Light', Icon: Sun },
  dark: { label: 'Dark', Icon: Moon },
};

export function ThemeSwitch() {
  const theme = useTheme((s) => s.theme);
  const choose = useTheme((s) => s.choose);
  const { label, Icon } = LOOKS[theme];
  return (
    <Menu
      trigger={
        <Button look="quiet" square aria-label={`Theme: ${label}`}>
          <Icon />
        </Button>
      }
    >
      <MenuChoice
        label="Theme"
        value={theme}
        options={THEMES.map((value) => ({ value, label: LOOKS[value].label }))}
        onChange={choose}
      />
    </Menu>
  );
}
