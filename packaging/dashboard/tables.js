// Tables that are drawn again in place, so that focus and scrolling stay.

const cards = new Map(); // by title: where its rows are

/** An element that looks like a card. */
export function makeCard(kind, more = '') {
  const card = document.createElement(kind);
  card.className = `card ${more}`;
  return card;
}

/** A cell: its text, its class, and for a bar the share of it that is filled. */
export const cell = (text, kind = '', filled = undefined) => ({ text: String(text), kind, filled });

function makeTable(title, heads, more) {
  const card = makeCard('div', more);
  const heading = document.createElement('h3');
  heading.id = `table-${cards.size}`;
  heading.textContent = title;
  const region = document.createElement('div');
  region.className = 'scroll';
  region.tabIndex = 0; // scrolls by keyboard
  region.setAttribute('role', 'region');
  region.setAttribute('aria-labelledby', heading.id);
  const table = document.createElement('table');
  table.setAttribute('aria-labelledby', heading.id);
  const row = table.createTHead().insertRow();
  for (const head of heads) {
    const made = document.createElement(head === '' ? 'td' : 'th');
    if (head !== '') made.scope = 'col';
    made.textContent = head;
    row.append(made);
  }
  const body = table.createTBody();
  const empty = document.createElement('p');
  empty.className = 'empty';
  empty.textContent = 'none';
  region.append(table);
  card.append(heading, region, empty);
  document.getElementById('tables').append(card);
  return { row, body, empty };
}

function fill(place, { text, kind, filled }) {
  if (place.className !== kind) place.className = kind;
  if (filled === undefined) {
    if (place.textContent !== text) place.textContent = text;
    return;
  }
  let bar = place.firstElementChild;
  if (bar === null) {
    bar = document.createElement('span');
    bar.className = 'bar';
    bar.setAttribute('aria-hidden', 'true');
    place.replaceChildren(bar);
  }
  bar.hidden = filled === 0;
  bar.style.width = `${filled * 100}%`;
}

/** Draws the rows, lists of cells, of the table of that title. */
export function drawTable(title, heads, rows, more) {
  if (!cards.has(title)) cards.set(title, makeTable(title, heads, more));
  const { row: head, body, empty } = cards.get(title);
  empty.hidden = rows.length > 0;
  while (body.rows.length > rows.length) body.deleteRow(-1);
  while (body.rows.length < rows.length) {
    const row = body.insertRow();
    heads.forEach((_, i) => {
      const made = document.createElement(i === 0 ? 'th' : 'td');
      if (i === 0) made.scope = 'row';
      row.append(made);
    });
  }
  rows.forEach((cells, y) => cells.forEach((one, x) => fill(body.rows[y].cells[x], one)));
  rows[0]?.forEach(({ kind }, x) => head.cells[x].classList.toggle('number', kind === 'number'));
}
