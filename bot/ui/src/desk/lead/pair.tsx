// A text in both languages, side by side: what every word to customers or colleagues is here.
import { h } from "preact";
import type { Lang } from "../../shared/wire";
import { Area, Text } from "./parts";
import { words } from "./words";

export type Both = { ru: string; en: string };
export const NOTHING: Both = { ru: "", en: "" };
const LANGS: readonly Lang[] = ["ru", "en"];

export const whole = (text: Both): boolean => LANGS.every((lang) => text[lang].trim() !== "");

interface PairProps {
  labels: Readonly<Record<string, string>>;
  value: Both;
  /** One line or several. */
  line?: boolean;
  rows?: number;
  maxLength: number;
  hint?: string;
  /** Says which of the two is missing. */
  tried?: boolean;
  onText(value: Both): void;
}

export function Pair({ labels, value, line, rows = 4, maxLength, hint, tried, onText }: PairProps) {
  return (
    <div class="field-row">
      {LANGS.map((lang) => {
        const shared = {
          label: labels[lang]!,
          hint: hint ?? "",
          error: tried && !value[lang].trim() ? words.value.required : "",
          lang,
          maxLength,
          value: value[lang],
          onText: (text: string) => onText({ ...value, [lang]: text }),
        };
        return line ? <Text key={lang} {...shared} /> : <Area key={lang} {...shared} rows={rows} />;
      })}
    </div>
  );
}
