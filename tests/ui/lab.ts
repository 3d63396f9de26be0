import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { expect, type Locator, type Page, type Response } from '@playwright/test';

const pictures = resolve(__dirname, '../../test-results/pictures');

type Theme = 'Light' | 'Dark';

interface JupyterApp {
  commands: { execute(command: string, args?: object): Promise<unknown> };
}

/** A JupyterLab page with Diptych in it. */
export class Lab {
  readonly panel: Locator;
  readonly hover: Locator;
  readonly runs: Locator;
  readonly status: Locator;

  constructor(readonly page: Page) {
    this.panel = page.locator('#diptych-panel');
    this.hover = page.locator('.diptych-tooltip');
    this.runs = page.locator('.diptych-run');
    this.status = page.locator('.diptych-status button');
  }

  /** Open a file of examples/ in a workspace and with settings that have no past. */
  async open(file: string, query = ''): Promise<void> {
    const settings = `${address()}lab/api/settings/diptych-jupyterlab:plugin?token=${token()}`;
    expect((await this.page.request.put(settings, { data: { raw: '{}' } })).ok()).toBe(true);
    await this.page.goto(`${address()}lab/workspaces/auto-t/tree/${file}?reset&token=${token()}${query}`);
    await this.settled();
    await this.page.locator('.cm-content:visible').first().waitFor({ timeout: 60_000 });
    await this.quiet();
  }

  /** JupyterLab has kept a layout that holds `what`. Begin to wait before what changes the layout. */
  layoutKept(what: string): Promise<Response> {
    return this.page.waitForResponse(
      response =>
        response.request().method() === 'PUT' &&
        response.url().includes('/api/workspaces/') &&
        (response.request().postData() ?? '').includes(what),
      { timeout: 60_000 }
    );
  }

  /** Load the page again, as it was left. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.settled();
  }

  async execute(command: string, args: object = {}): Promise<void> {
    await this.page.evaluate(
      ([id, values]) => {
        const { jupyterapp } = window as unknown as { jupyterapp: JupyterApp };
        return jupyterapp.commands.execute(id, values).then(() => undefined);
      },
      [command, args] as const
    );
  }

  /** Those of the runs under way or shown that are in this state. */
  progress(state: string | RegExp): Locator {
    return this.runs.locator('.diptych-progress .diptych-state', { hasText: state });
  }

  /** Choose one of Diptych's settings in JupyterLab's settings editor. */
  async choose(setting: string, option: string): Promise<void> {
    await this.execute('settingeditor:open', { query: 'Diptych' });
    await this.page.locator(`.jp-SettingsForm select[id$="_${setting}"]`).selectOption({ label: option });
  }

  /** The editor of a notebook's code cell that holds `text`, scrolled into view. */
  async cell(text: string): Promise<Locator> {
    const cell = this.page.locator('.jp-CodeCell:visible', { hasText: text }).first();
    await cell.scrollIntoViewIfNeeded();
    return cell.locator('.cm-content').first();
  }

  /** Rest the pointer on a word of an editor's text. */
  async rest(editor: Locator, word: string): Promise<void> {
    // A page that is still laid out moves its words from under the pointer.
    await this.quiet();
    const { x, y } = await this.placeOf(editor, word);
    await this.page.mouse.move(x - 3, y);
    await this.page.mouse.move(x, y);
  }

  /** Put the cursor into a word of an editor's text. */
  async click(editor: Locator, word: string): Promise<void> {
    const { x, y } = await this.placeOf(editor, word);
    await this.page.mouse.click(x, y);
    await this.page.mouse.move(2, 2);
  }

  /** Pictures for people to look at: light and dark, as wide as the page is and narrow. */
  async pictures(name: string, prepare: () => Promise<void> = async () => undefined): Promise<void> {
    const wide = this.page.viewportSize() ?? { width: 1400, height: 900 };
    for (const theme of ['Light', 'Dark'] as const) {
      await this.theme(theme);
      for (const [label, size] of [['wide', wide] as const, ['narrow', { width: 760, height: 900 }] as const]) {
        await this.page.setViewportSize(size);
        await this.files(label === 'wide');
        await prepare();
        await this.picture(`${name}_${theme.toLowerCase()}_${label}`);
      }
      await this.page.setViewportSize(wide);
    }
    await this.theme('Light');
    await this.files(true);
    await prepare();
    await this.quiet();
  }

  /** Show or fold the file browser, as people do in a narrow window. */
  async files(shown: boolean): Promise<void> {
    const browser = this.page.locator('#filebrowser');
    if ((await browser.isVisible()) !== shown) {
      await this.execute('application:toggle-left-area');
    }
    await expect(browser).toBeVisible({ visible: shown });
  }

  /** The page has come to rest: nothing in it changed for a quarter of a second. */
  async quiet(): Promise<void> {
    await this.page.evaluate(
      () =>
        new Promise<void>(done => {
          const rest = (): ReturnType<typeof setTimeout> =>
            setTimeout(() => {
              observer.disconnect();
              done();
            }, 250);
          let timer = rest();
          const observer = new MutationObserver(() => {
            clearTimeout(timer);
            timer = rest();
          });
          observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
          // Something may always move.
          setTimeout(() => {
            observer.disconnect();
            done();
          }, 3000);
        })
    );
  }

  async picture(name: string): Promise<void> {
    await this.quiet();
    await this.moving(name);
  }

  /** A picture of what does not come to rest. */
  async moving(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  async theme(theme: Theme): Promise<void> {
    await this.execute('apputils:change-theme', { theme: `JupyterLab ${theme}` });
    await expect(this.page.locator('body')).toHaveAttribute('data-jp-theme-light', String(theme === 'Light'));
  }

  private async settled(): Promise<void> {
    await this.page.locator('#jupyterlab-splash').waitFor({ state: 'detached', timeout: 60_000 });
  }

  /** The middle of a word as it is drawn, in the page's pixels. */
  private async placeOf(editor: Locator, word: string): Promise<{ x: number; y: number }> {
    await editor.getByText(word).first().scrollIntoViewIfNeeded();
    return editor.evaluate((element, wanted) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      let text = '';
      const nodes: { node: Node; from: number }[] = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        nodes.push({ node, from: text.length });
        text += node.textContent ?? '';
      }
      const middle = text.indexOf(wanted) + wanted.length - 1;
      const found = nodes.filter(({ from }) => from <= middle).at(-1);
      if (text.indexOf(wanted) < 0 || !found) {
        throw new Error(`The editor does not show ${wanted}.`);
      }
      const range = document.createRange();
      range.setStart(found.node, middle - found.from);
      range.setEnd(found.node, middle - found.from + 1);
      const box = range.getBoundingClientRect();
      return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    }, word);
  }
}

function address(): string {
  return process.env['DIPTYCH_UI_URL'] ?? '';
}

function token(): string {
  return process.env['DIPTYCH_UI_TOKEN'] ?? '';
}
