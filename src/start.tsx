/** Starts the page: the theme before the first paint, then the shell, then everything that takes time. */
import '@fontsource-variable/inter/wght.css';
import './ui/tokens.css';
import './ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { keepForOffline } from './offline/register.ts';
import { openPage } from './state/opening.ts';
import { whenReady } from './state/session.ts';
import { applyTheme } from './state/theme.ts';
import { keepFocus } from './ui/keepFocus.ts';
import { nameKnownLanguage } from './ui/language.ts';
import { refuseStrayFiles } from './ui/pageDrop.ts';
import { LastResort } from './ui/shell/LastResort.tsx';

nameKnownLanguage();
applyTheme();
refuseStrayFiles();
keepFocus();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <LastResort>
      <App />
    </LastResort>
  </StrictMode>,
);
void openPage();
void whenReady().then(keepForOffline);
