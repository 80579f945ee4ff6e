/**
 * Names a language that Intl knows. Some systems give the browser one that no Intl does (LANG=C makes WebKit's "C"), and
 * libraries hand navigator.language to Intl, which throws while their code is loaded. Call before any of them.
 */
export function nameKnownLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
  }
}
