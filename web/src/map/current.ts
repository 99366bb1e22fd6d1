import { signal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import type { Board } from "./board";

/** The map on show, when there is one. */
export const board = signal<Board | null>(null);

/** What takes the map's clicks, and Space, Enter and Backspace, while it is in use: drawing, picking. */
export interface MapTool {
  at(lng: number, lat: number): void;
  finish(): void;
  undo(): void;
  leave(): void;
}
export const tool = signal<MapTool | null>(null);

/** The map's component, once its code has come. */
export const mapView = signal<FunctionComponent | null>(null);
