import { describe, expect, test } from 'vitest';

import { firstWidth, widthAfterShrinking } from '../src/widths.js';

describe("the panel's width", () => {
  test('has room for both sides in a wide window, and stays modest in a huge one', () => {
    expect(firstWidth(1334)).toBe(600);
    expect(firstWidth(3000)).toBe(720);
  });

  test('leaves the document more than half of a narrow window', () => {
    expect(firstWidth(690)).toBeLessThan(690 / 2);
  });

  test("is the user's while the document has room, and gives way when it has not", () => {
    expect(widthAfterShrinking(500, 1000)).toBe(500);
    expect(widthAfterShrinking(600, 690)).toBe(311);
  });
});
