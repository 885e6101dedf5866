// Everything the desk says on its first screens, by language; what opens later brings its own words.
import type { Lang } from "../shared/wire";
import { EN, type Words } from "./words/en";
import { RU } from "./words/ru";

export type { Words };
export const WORDS: Record<Lang, Words> = { ru: RU, en: EN };
