// The bot's answers: how many may be wrong, how far that can be trusted, what was learned and from which questions.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useEffect } from "preact/hooks";
import type { Lang, LearningView } from "../../shared/wire";
import { lang, may } from "../store";
import { Segments } from "./choices";
import { Curves } from "./curves";
import { useLoad } from "./door";
import { Labels } from "./labels";
import { Learned } from "./learned";
import { Limit } from "./limit";
import { Page, Ready } from "./parts";
import { words } from "./words";

/** While the bot learns, how often its end is looked for. */
const LOOK = 1_500;

export function AnswersScreen() {
  const t = words.value;
  const chosen = useSignal<Lang>(lang.value);
  const loaded = useLoad<LearningView>(`learning?of=${chosen.value}`);
  const busy = loaded.data?.learning_now ?? false;
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(loaded.reload, LOOK);
    return () => clearInterval(timer);
  }, [busy]);
  return (
    <Page
      title={t.screens.answers}
      hint={t.learning.hint}
      wide
      actions={
        <Segments
          label={t.learning.articles}
          value={chosen.value}
          options={(["ru", "en"] as const).map((one) => [one, t.languages[one]] as const)}
          onPick={(one) => (chosen.value = one as Lang)}
        />
      }
    >
      <Ready loaded={loaded}>
        {(state) => (
          <Fragment key={state.lang}>
            <Limit state={state} onSaved={loaded.reload} />
            <Curves quality={state.quality} />
            <Learned state={state} onChanged={loaded.reload} />
            {may("edit_articles") && <Labels of={state.lang} counts={state.counts} onChanged={loaded.reload} />}
          </Fragment>
        )}
      </Ready>
    </Page>
  );
}
