// Every dialog of the desk, in a part of its own that is fetched with the first of them.
import { h } from "preact";
import type { Desk } from "../desk";
import type { DialogName } from "../store";
import { ArticleSearch } from "./article";
import { Closing } from "./closing";
import { Issue } from "./issue";
import { Assign, Escalate, Transfer } from "./passing";
import { Search } from "./search";
import { Sheet } from "./sheet";
import { Tagging } from "./tagging";
import { Snooze, Update } from "./timing";

export interface DialogProps {
  desk: Desk;
}

const ALL = {
  snooze: Snooze,
  transfer: Transfer,
  escalate: Escalate,
  close: Closing,
  tags: Tagging,
  update: Update,
  assign: Assign,
  search: Search,
  sheet: Sheet,
  issue: Issue,
  article: ArticleSearch,
};

export function Dialogs({ desk, name }: DialogProps & { name: DialogName }) {
  const One = ALL[name];
  return <One key={name} desk={desk} />;
}
