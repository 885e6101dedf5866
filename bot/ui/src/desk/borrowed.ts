// Which article a reply borrows from: remembered when its words are put in, told with the reply that still has them.
import type { Keep } from "../shared/keep";
import type { SuggestedArticle } from "../shared/wire";

/** So much of the article's words has to be left when the reply has been rewritten. */
const LEFT = 0.5;

type Loan = Pick<SuggestedArticle, "article" | "text">;

export function borrow(keep: Keep, conversation: string, { article, text }: Loan): void {
  keep.set(name(conversation), JSON.stringify({ article, text }));
}

/** The id of the article whose words a reply is made of; empty when it is the operator's own. */
export function borrowed(keep: Keep, conversation: string, reply: string): string {
  const loan = read(keep.get(name(conversation)));
  if (!loan) return "";
  const wanted = wordsOf(loan.text);
  const said = wordsOf(reply);
  const left = [...wanted].filter((word) => said.has(word)).length;
  if (wanted.size && left >= wanted.size * LEFT) return loan.article;
  // What was put in has been thrown away again.
  keep.drop(name(conversation));
  return "";
}

const name = (conversation: string): string => `desk.article.${conversation}`;

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));

function read(text: string | null): Loan | null {
  try {
    return JSON.parse(text ?? "null") as Loan | null;
  } catch {
    return null;
  }
}
