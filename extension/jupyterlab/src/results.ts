import type { Framework } from '@diptych/core';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { ServerConnection, type Contents } from '@jupyterlab/services';

import { forCell } from './magics.js';

/** Insert a code cell below the active one, which it then becomes. Throws where the user is in no notebook. */
export function insertCellBelow(panel: NotebookPanel | null, text: string, framework: Framework): void {
  if (panel === null) {
    throw new Error('Open a notebook and choose the cell below which it is to stand.');
  }
  const cells = Array.from(panel.model?.cells ?? []).map(cell => cell.sharedModel.getSource());
  NotebookActions.insertBelow(panel.content);
  const { activeCell, activeCellIndex } = panel.content;
  activeCell?.model.sharedModel.setSource(forCell(text, framework, cells));
  // A cell has its height, and so its place, only once it is drawn.
  void activeCell?.ready.then(() => panel.content.scrollToItem(activeCellIndex, 'smart'));
}

/** Save a text as a new file beside the document at `beside`, and open it in the file editor. */
export async function openAsFile(app: JupyterFrontEnd, text: string, name: string, beside: string): Promise<void> {
  const { contents } = app.serviceManager;
  const path = await freePath(contents, PathExt.join(PathExt.dirname(beside), name));
  await contents.save(path, { type: 'file', format: 'text', content: text });
  await app.commands.execute('docmanager:open', { path, factory: 'Editor' });
}

/** `net.py`, or `net_2.py` and so on where that is taken. */
async function freePath(contents: Contents.IManager, path: string): Promise<string> {
  const extension = PathExt.extname(path);
  const stem = path.slice(0, path.length - extension.length);
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? path : `${stem}_${number}${extension}`;
    if (!(await exists(contents, candidate))) {
      return candidate;
    }
  }
}

async function exists(contents: Contents.IManager, path: string): Promise<boolean> {
  try {
    await contents.get(path, { content: false });
    return true;
  } catch (problem) {
    if (problem instanceof ServerConnection.ResponseError && problem.response.status === 404) {
      return false;
    }
    throw problem;
  }
}
