import { readLayer } from "./api";

const MOST = 24;
const held = new Map<string, Promise<Uint8Array>>();

/** A layer's bytes, asked for once; they never change under one address. */
export function layerBytes(url: string): Promise<Uint8Array> {
  const known = held.get(url);
  if (known) return known;
  const asked = readLayer(url);
  held.set(url, asked);
  asked.catch(() => held.delete(url));
  if (held.size > MOST) held.delete(held.keys().next().value!);
  return asked;
}
