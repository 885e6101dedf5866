// Words that were prepared for the operator: something the customer reported has been fixed.
import { h } from "preact";
import { keep, known, restored, words } from "./store";

const key = (conversation: string, text: string): string => `desk.passed.${conversation}.${text.length}`;

export function DraftOffer({ onTake }: { onTake(text: string): void }) {
  const t = words.value;
  const open = known.value;
  void restored.value;
  if (!open?.draft || keep.get(key(open.conversation, open.draft))) return null;
  const pass = () => {
    keep.set(key(open.conversation, open.draft), "1");
    restored.value += 1;
  };
  return (
    <aside class="draft-offer" data-draft>
      <p>
        <b>{t.fixed}</b>
        <span dir="auto">{open.draft}</span>
      </p>
      <button
        type="button"
        class="button"
        onClick={() => {
          pass();
          onTake(open.draft);
        }}
      >
        {t.useDraft}
      </button>
      <button type="button" class="plain-button" onClick={pass}>
        {t.dismiss}
      </button>
    </aside>
  );
}
