// Closing: an outcome, perhaps a tag; the act itself waits five seconds for a second thought.
import { useSignal } from "@preact/signals";
import { h } from "preact";
import { ticket } from "../store";
import { Form, Option } from "./frame";
import type { DialogProps } from "./main";
import { TagChoice } from "./tagging";
import { say } from "./words";

export function Closing({ desk }: DialogProps) {
  const t = say.value;
  const outcome = useSignal<"solved" | "unsolved">("solved");
  const chosen = useSignal<ReadonlySet<string>>(new Set(ticket.value?.tags));
  const act = () => {
    desk.acts.close(outcome.value, [...chosen.value]);
    return "";
  };
  return (
    <Form title={`${t.close} №${ticket.value?.number ?? ""}`} act={t.close} onAct={act}>
      <fieldset>
        <legend>{t.outcome}</legend>
        <div class="options">
          {(["solved", "unsolved"] as const).map((one, at) => (
            <Option key={one} name="outcome" value={one} chosen={outcome.value} onChoose={() => (outcome.value = one)} first={!at}>
              <span>{t[one]}</span>
            </Option>
          ))}
        </div>
      </fieldset>
      <TagChoice chosen={chosen.value} onChange={(next) => (chosen.value = next)} />
      <p class="soft">{t.closeHint}</p>
    </Form>
  );
}
