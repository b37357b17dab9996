import { describe, expect, test } from 'vitest';
import { Pacer } from '../player/src/pacer';

/** The frames that a monitor's pictures bring in ten seconds, each of them by itself. */
function tenSeconds(rate: number, speed = 1): number[] {
  const pacer = new Pacer();
  pacer.speed = speed;
  const frames = [];
  for (let picture = 0; picture <= 10 * rate; ++picture) {
    frames.push(pacer.due(1000 + (picture * 1000) / rate));
  }
  return frames;
}

function sum(frames: number[]): number {
  return frames.reduce((total, one) => total + one, 0);
}

describe('frames', () => {
  test.each([30, 50, 59.94, 60, 75, 90, 120, 144, 240])('are 60 a second at %s Hz', (rate) => {
    expect(Math.abs(sum(tenSeconds(rate)) - 600)).toBeLessThanOrEqual(1);
  });

  test('are one for each picture at 60 Hz', () => {
    expect(new Set(tenSeconds(60).slice(1))).toEqual(new Set([1]));
  });

  test('come evenly at 144 Hz: never two for a picture', () => {
    expect(Math.max(...tenSeconds(144))).toBe(1);
  });

  test.each([0.1, 0.25, 4, 16])('follow the speed: %s', (speed) => {
    expect(Math.abs(sum(tenSeconds(60, speed)) - 600 * speed)).toBeLessThanOrEqual(1);
  });

  test('are not caught up with after a long pause', () => {
    const pacer = new Pacer();
    pacer.due(0);
    expect(pacer.due(60_000)).toBe((60 * Pacer.kLongestMs) / 1000);
  });
});
