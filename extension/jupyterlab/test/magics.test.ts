// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { forCell } from '../src/magics.js';

describe('a new cell', () => {
  const code = 'x = nd.ones((5, 3))';

  it.each([[['%load_ext diptych']], [['import torch', '%%mxnet\nfrom mxnet import nd']]])(
    'goes to the MXNet process where the notebook has one: %s',
    cells => {
      expect(forCell(code, 'mxnet', cells)).toBe(`%%mxnet\n${code}`);
    }
  );

  it('stays as it is where the notebook has none', () => {
    expect(forCell(code, 'mxnet', ['import mxnet'])).toBe(code);
  });

  it('stays as it is in PyTorch, and with a magic of its own', () => {
    expect(forCell('x = torch.ones(5, 3)', 'pytorch', ['%load_ext diptych'])).toBe('x = torch.ones(5, 3)');
    expect(forCell(`%%mxnet\n${code}`, 'mxnet', ['%load_ext diptych'])).toBe(`%%mxnet\n${code}`);
  });
});
