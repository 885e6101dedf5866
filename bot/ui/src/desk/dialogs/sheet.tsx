// Every key, on one sheet.
import { h } from "preact";
import { Frame } from "./frame";
import { say } from "./words";

type Name = keyof (typeof say)["value"]["keys"];

const LIST: [string[], Name][] = [[["1", "7"], "views"], [["J"], "next"], [["K"], "previous"], [["Enter"], "open"], [["Ctrl", "M"], "claim"]];
const TALK: [string[], Name][] = [
  [["R"], "reply"], [["N"], "note"], [["/"], "canned"], [["I"], "article"], [["Z"], "snooze"], [["T"], "transfer"], [["E"], "escalate"],
  [["X"], "close"], [["B"], "bot"], [["G"], "tags"],
];
const FIELD: [string[], Name][] = [[["Enter"], "send"], [["Shift", "Enter"], "line"], [["/"], "canned"], [["@"], "mention"], [["Ctrl", "Z"], "undo"]];
const ALL: [string[], Name][] = [[["Ctrl", "K"], "search"], [["Esc"], "back"], [["?"], "sheet"]];

export function Sheet() {
  const t = say.value;
  return (
    <Frame title={t.sheet} wide>
      <p class="soft">{t.sheetHint}</p>
      <div class="sheet">
        <Keys title={t.keysList} keys={LIST} />
        <Keys title={t.keysTalk} keys={TALK} />
        <Keys title={t.keysField} keys={FIELD} />
        <Keys title={t.keysAll} keys={ALL} />
      </div>
    </Frame>
  );
}

function Keys({ title, keys }: { title: string; keys: [string[], Name][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {keys.map(([combination, name]) => (
          <div key={name}>
            <dt>
              {combination.map((key, at) => (
                <span key={key}>
                  {at > 0 && (name === "views" ? "–" : "+")}
                  <kbd>{key}</kbd>
                </span>
              ))}
            </dt>
            <dd>{say.value.keys[name]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
