import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { expect, type Locator, type Page } from '@playwright/test';

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

  constructor(readonly page: Page) {
    this.panel = page.locator('#diptych-panel');
    this.hover = page.locator('.diptych-tooltip');
    this.runs = page.locator('.diptych-run');
  }

  /** Open a file of examples/ in a workspace and with settings that have no past. */
  async open(file: string, query = ''): Promise<void> {
    const settings = `${address()}lab/api/settings/diptych-jupyterlab:plugin?token=${token()}`;
    expect((await this.page.request.put(settings, { data: { raw: '{}' } })).ok()).toBe(true);
    await this.page.goto(`${address()}lab/workspaces/auto-t/tree/${file}?reset&token=${token()}${query}`);
    await this.settled();
    await this.page.locator('.cm-content:visible').first().waitFor({ timeout: 60_000 });
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

  /** The editor of a notebook's code cell that holds `text`, scrolled into view. */
  async cell(text: string): Promise<Locator> {
    const cell = this.page.locator('.jp-CodeCell:visible', { hasText: text }).first();
    await cell.scrollIntoViewIfNeeded();
    return cell.locator('.cm-content').first();
  }

  /** Rest the pointer on a word of an editor's text. */
  async rest(editor: Locator, word: string): Promise<void> {
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
        await prepare();
        await this.picture(`${name}_${theme.toLowerCase()}_${label}`);
      }
      await this.page.setViewportSize(wide);
    }
    await this.theme('Light');
    await prepare();
    // A new size lays cells out again, which the panel takes as a move.
    await this.page.waitForTimeout(500);
  }

  async picture(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.waitForTimeout(300);
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
