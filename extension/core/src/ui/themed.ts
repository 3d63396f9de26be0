import type { Disposable, Host } from '../host.js';

/** Keep `element` marked with the host's theme, which the style sheet chooses colours by. */
export function followTheme(host: Host, element: HTMLElement): Disposable {
  element.dataset['diptychTheme'] = host.theme();
  return host.onThemeChanged(theme => {
    element.dataset['diptychTheme'] = theme;
  });
}
