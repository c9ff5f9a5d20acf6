// The report at work: filter, sort and pages of the ranking; heat map, years and cards drawn when they are looked at.
// Names come from outside: every text is put in as text, nothing is ever read as markup.
"use strict";
{
  const report = JSON.parse(document.getElementById("report").textContent);
  const { units, criteria, noun } = report;
  const byId = (id) => document.getElementById(id);

  /** An element of this tag and class with these children; a string is text. */
  const make = (tag, look, ...children) => {
    const made = document.createElement(tag);
    if (look) made.className = look;
    made.append(...children.filter((each) => each !== null && each !== undefined && each !== ""));
    return made;
  };
  const heading = (scope, look, ...children) => {
    const made = make("th", look, ...children);
    made.scope = scope;
    return made;
  };
  const button = (words, act, look = "") => {
    const made = make("button", look, words);
    made.type = "button";
    if (act) made.addEventListener("click", act);
    return made;
  };

  /** The bare letters: «Mường Lạn» is found by «muong lan». */
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
  const small = (text) => text.normalize("NFC").toLowerCase();

  // ------------------------------------------------------------------------------------------ the ranking

  const ranking = byId("ranking");
  const body = ranking.tBodies[0];
  const heads = [...ranking.tHead.rows[0].cells];
  const column = (name) => heads.findIndex((each) => each.textContent === name);
  const [nameAt, groupAt, titleAt, flagAt] = ["Đơn vị", "Nhóm (huyện)", "Danh hiệu", "Cảnh báo"].map(column);
  const word = (row, place) => (place < 0 ? "" : row.cells[place].textContent.trim());
  const rows = [...body.rows].map((element, order) => {
    const unit = Number(element.dataset.unit);
    const name = word(element, nameAt);
    const group = word(element, groupAt);
    return {
      element, order, unit, name, group,
      titles: word(element, titleAt).split("; ").filter(Boolean), flags: word(element, flagAt).split("; ").filter(Boolean),
      whole: small(`${name} ${group}`), bare: fold(`${name} ${group}`),
    };
  });
  const rowOf = new Map(rows.map((row) => [row.unit, row]));
  const bandPlaces = new Map(report.bands.map(([name], place) => [name, place]));
  let shown = rows;

  /** What a column is sorted by: the band by its place, numbers as numbers, all else as Vietnamese words; null: nothing. */
  const keyOf = (row, place) => {
    const text = word(row.element, place);
    const { kind } = heads[place].dataset;
    if (kind === "band") return bandPlaces.has(text) ? bandPlaces.get(text) : null;
    if (!["count", "points", "percent"].includes(kind)) return text || null;
    const number = Number(text.replace("−", "-").replace("+", "").replace(",", "."));
    return text === "" || Number.isNaN(number) ? null : number;
  };
  const collator = new Intl.Collator("vi", { numeric: true });
  const compare = (one, other) => (typeof one === "string" ? collator.compare(one, other) : one - other);

  const sortBy = (place) => {
    const head = heads[place];
    const down = head.getAttribute("aria-sort") === "ascending";
    heads.forEach((each) => each.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const keyed = rows.map((row) => [keyOf(row, place), row]);
    keyed.sort(([one, a], [other, b]) => {
      if (one === null || other === null) return (one === null) - (other === null) || a.order - b.order;
      return (down ? -1 : 1) * compare(one, other) || a.order - b.order;
    });
    rows.splice(0, rows.length, ...keyed.map(([, row]) => row));
    body.append(...rows.map((row) => row.element));
    sift();
  };
  heads.forEach((head, place) => {
    const words = head.textContent;
    head.replaceChildren(button(words, () => sortBy(place)));
    if (words === "Xếp hạng") head.setAttribute("aria-sort", "ascending");
  });

  // --------------------------------------------------------------------------------------- filter, pages

  /** A view of the shown units, `size` at a time, with buttons to go on; `draw` gets the rows of the page. */
  const paged = (pager, size, draw) => {
    let first = 0;
    const show = () => {
      const page = shown.slice(first, first + size);
      draw(page);
      pager.replaceChildren();
      if (shown.length <= size) return;
      const go = (to) => () => {
        const back = to < first;
        first = to;
        show();
        const next = pager.querySelectorAll("button")[back ? 0 : 1];
        (next.disabled ? pager.querySelector("button:not(:disabled)") : next).focus();
      };
      const before = button("Trước", go(Math.max(0, first - size)));
      const after = button("Sau", go(first + size));
      before.disabled = first === 0;
      after.disabled = first + size >= shown.length;
      pager.append(before, `${first + 1}–${first + page.length} trong ${shown.length} ${noun}`, after);
    };
    return () => {
      first = 0;
      show();
    };
  };

  const MOST_CARDS = 300; // printed at a time: a country of them would hold the browser up
  const printCards = document.querySelector("[data-do=print-cards]");
  const filter = byId("filter");
  const wanted = () => {
    const { text, band, group, title, flag } = filter.elements;
    const given = text.value.trim();
    const exact = fold(given) !== small(given);
    const sought = exact ? small(given) : fold(given);
    return (row) =>
      (exact ? row.whole : row.bare).includes(sought) &&
      (!band.value || units[row.unit].band === band.value) &&
      (!group || !group.value || row.group === group.value) &&
      (!title || !title.value || row.titles.includes(title.value.slice(1)) === (title.value[0] === "+")) &&
      (!flag || !flag.value || holds(flag.value, row.flags));
  };
  const holds = (choice, flags) =>
    choice === "+" ? flags.length > 0 : choice === "-" ? flags.length === 0 : flags.includes(choice.slice(1));

  const rankingPage = paged(byId("ranking-pager"), 200, (page) => {
    const here = new Set(page);
    const kept = new Set(shown);
    for (const row of rows) {
      row.element.hidden = !kept.has(row);
      row.element.classList.toggle("elsewhere", !here.has(row));
    }
  });
  const views = [rankingPage];
  const sift = () => {
    shown = rows.filter(wanted());
    byId("shown").textContent = `Đang hiện ${shown.length}/${rows.length} ${noun}.`;
    for (const each of document.querySelectorAll(".partial")) { // also on paper: a part must not pass for the whole
      each.hidden = shown.length === rows.length;
      each.textContent = `Theo bộ lọc: chỉ ${shown.length} trong ${rows.length} ${noun}.`;
    }
    printCards.disabled = shown.length === 0 || shown.length > MOST_CARDS;
    printCards.textContent = shown.length > MOST_CARDS ? `In phiếu: lọc còn không quá ${MOST_CARDS} ${noun}` : `In ${shown.length} phiếu đang hiện`;
    views.forEach((view) => view());
  };
  let waiting = 0;
  filter.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(sift, 120);
  });
  filter.addEventListener("submit", (event) => event.preventDefault());
  filter.addEventListener("reset", () => setTimeout(sift));

  /** A view that is drawn only once it comes into sight (or onto paper). */
  const drawnInSight = (section, view) => {
    let seen = false;
    const look = () => {
      if (seen) view();
    };
    const wake = () => {
      if (!seen) {
        seen = true;
        view();
      }
    };
    views.push(look);
    window.addEventListener("beforeprint", wake);
    new IntersectionObserver((entries, observer) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      wake();
    }, { rootMargin: "600px" }).observe(section);
  };

  /** What is seen of a unit under every criterion: [points, percent, maximum where it is another, why there is none]. */
  const seenOf = (unit) => unit.points.split(" ").map((at, place) => criteria[place].seen[at]);

  // -------------------------------------------------------------------------------------------- heat map

  const STEPS = [40, 50, 60, 70, 80, 90];
  const heat = (percent) => `h${STEPS.filter((step) => percent >= step).length}`;
  const CELLS = 6000;
  let level = 0;

  const called = new Map();
  rows.forEach((row) => called.set(row.name, (called.get(row.name) || 0) + 1));
  /** The name, which opens the card; with the group where others are called the same. */
  const unitButton = (row) => {
    const made = button(row.name, null, "plain");
    made.dataset.card = row.unit;
    return make("bdi", "", made, called.get(row.name) > 1 && row.group ? make("span", "soft", ` ${row.group}`) : null);
  };
  const head = (table, caption, ...cells) => {
    const line = make("tr", "", heading("col", "", noun[0].toUpperCase() + noun.slice(1)), ...cells);
    table.replaceChildren(make("caption", "sr", caption), make("thead", "", line));
  };

  const drawHeat = (page) => {
    const table = byId("heat");
    const places = criteria.map((_, place) => place).filter((place) => criteria[place].depth === level);
    head(table, "Phần trăm điểm tối đa của từng tiêu chí", ...places.map((place) => {
      const { code, name, most } = criteria[place];
      const cell = heading("col", "", code, make("span", "criterion", name), make("span", "soft", `tối đa ${most}`));
      cell.title = name;
      return cell;
    }));
    const cell = (row, criterion, [points, percent, most, remark]) => {
      const none = percent === null;
      const made = none ? make("td", "gap", "–", make("span", "sr", remark)) : make("td", heat(percent), String(percent));
      made.title = `${row.name} · ${criterion.code}: ${none ? remark : `${points}/${most || criterion.most} điểm`}`;
      return made;
    };
    table.append(make("tbody", "", ...page.map((row) => {
      const seen = seenOf(units[row.unit]);
      return make("tr", "", heading("row", "", unitButton(row)), ...places.map((place) => cell(row, criteria[place], seen[place])));
    })));
  };

  const depths = [...new Set(criteria.map((each) => each.depth))];
  const perPage = (columns) => Math.max(25, Math.floor(CELLS / Math.max(1, columns)));
  const setUpHeat = () => {
    byId("heat-legend").append(...[...STEPS, 100].map((step, place) => {
      const from = place ? STEPS[place - 1] : 0;
      const words = place === 0 ? `dưới ${step}` : step === 100 ? `từ ${from}` : `${from}–${step - 1}`;
      return make("li", "", make("span", `swatch h${place}`, words));
    }), make("li", "", make("span", "swatch gap", "–"), " không có điểm"));
    const widest = Math.max(...depths.map((depth) => criteria.filter((each) => each.depth === depth).length));
    const view = paged(byId("heat-pager"), perPage(widest), drawHeat);
    if (depths.length > 1) {
      byId("heat-levels").append(...depths.map((depth) => {
        const name = report.levels[depth] || `cấp ${depth + 1}`;
        const made = button(name[0].toUpperCase() + name.slice(1), () => {
          level = depth;
          for (const each of byId("heat-levels").children) each.setAttribute("aria-pressed", String(each === made));
          view();
        });
        made.setAttribute("aria-pressed", String(depth === level));
        return made;
      }));
    }
    drawnInSight(byId("ban-do"), view);
  };
  setUpHeat();

  // ----------------------------------------------------------------------------------------------- years

  /** [place, word, titles] of one unit in one year; undefined: nothing is known. */
  const inYear = (unit, year) =>
    year === report.year ? [unit.place, unit.band, unit.titles.filter((each) => each[1]).map((each) => each[0])] : unit.years[year];

  const yearCell = (unit, year) => {
    const known = inYear(unit, year);
    if (!known) return make("td", "gap", "–", make("span", "sr", "chưa có số liệu"));
    const [place, name, titles] = known;
    const own = place === null ? null : report.bands[place];
    const mark = titles && titles.length ? " ◆" : "";
    const brief = make("span", "", (own ? own[1] : name) + mark);
    brief.setAttribute("aria-hidden", "true");
    const words = [name, ...(titles || [])].join("; ");
    const cell = make("td", own ? own[2] : "", brief, make("span", "sr", words));
    cell.title = `${year}: ${words}`;
    return cell;
  };

  if (byId("years")) {
    const view = paged(byId("years-pager"), perPage(report.years.length), (page) => {
      const table = byId("years");
      head(table, "Mức của từng đơn vị qua các năm", ...report.years.map((year) => heading("col", "", String(year))));
      table.append(make("tbody", "", ...page.map((row) => make("tr", "", heading("row", "", unitButton(row)),
        ...report.years.map((year) => yearCell(units[row.unit], year))))));
    });
    drawnInSight(byId("cac-nam"), view);
  }

  // ------------------------------------------------------------------------------- the card of one unit

  const section = (title, ...children) => make("section", "", make("h3", "", title), ...children);
  const list = (items, look = "") => make("ul", look, ...items.map((item) => make("li", "", ...[item].flat())));

  const cellOf = (unit, place) => {
    const at = unit.cells ? unit.cells[place] : unit.layout === undefined ? null : report.layouts[unit.layout][place];
    return at && [at[0], at[1], unit.cells ? at[2] : `${at[2]}${unit.row}`];
  };
  const meter = (percent, mean) => {
    const made = make("div", "meter");
    const within = (value) => `${Math.min(100, Math.max(0, value))}%`;
    if (percent !== null) made.append(make("i", ""));
    if (mean) made.append(make("b", ""));
    if (percent !== null) made.querySelector("i").style.width = within(percent);
    if (mean) made.querySelector("b").style.left = within(mean[1]);
    made.setAttribute("aria-hidden", "true");
    return made;
  };

  const pointsTable = (unit) => {
    const means = report.means[unit.group];
    const seen = seenOf(unit);
    const lines = criteria.map((criterion, place) => {
      const [points, percent, most, remark] = seen[place];
      const how = unit.said && unit.said[place];
      const name = heading("row", `depth${Math.min(3, criterion.depth)}`, `${criterion.code}. ${criterion.name}`);
      if (how) name.append(make("span", "soft small said-how", how));
      const at = cellOf(unit, place);
      return make("tr", "", name,
        make("td", "number", remark ? make("span", "soft", remark) : `${points}/${most || criterion.most}`),
        make("td", "", meter(percent, means[place])),
        make("td", "number", percent === null ? "" : `${percent}%`),
        make("td", "number", means[place] ? means[place][0] : ""),
        make("td", "soft", at ? at[2] : ""));
    });
    const captions = ["Tiêu chí", "Điểm", "Phần trăm tối đa", "", "Trung bình nhóm", "Ô"];
    const cells = captions.map((words, place) => (words ? heading("col", [1, 4].includes(place) ? "number" : "", words) : null));
    cells[2].colSpan = 2;
    const sheets = [...new Set(criteria.map((_, place) => cellOf(unit, place)).filter(Boolean).map((at) => `trang ${at[1]}, tệp ${at[0]}`))];
    const where = sheets.length ? ` Điểm ở ${sheets.slice(0, 3).join("; ")}.` : "";
    const box = make("div", "scroll", make("table", "",
      make("caption", "", `Thanh: phần trăm điểm tối đa; vạch đứng: trung bình của ${unit.group}.${where}`),
      make("thead", "", make("tr", "", ...cells.filter(Boolean))), make("tbody", "", ...lines)));
    box.tabIndex = 0;
    return box;
  };

  const MARKS = new Map([[true, ["✓", "đạt", "held"]], [false, ["✗", "không đạt", "failed"]], [null, ["?", "chưa rõ", "soft"]]]);
  const marked = (held, words) => {
    const [sign, said, look] = MARKS.get(held);
    return [make("span", look, `${sign} ${said}: `), words];
  };
  const titlesOf = (unit) => unit.titles.map(([name, held, terms]) => {
    const [sign, said, look] = MARKS.get(held);
    return make("div", "keep", make("h4", "", `${name}: `, make("span", look, `${sign} ${said}`)),
      terms.length ? list(terms.map(([words, holds]) => marked(holds, words)), "terms") : null);
  });

  const yearsOf = (unit) => {
    const known = Object.keys(unit.years).map(Number).sort((one, other) => one - other);
    const all = report.years.filter((year) => year >= known[0] && year < report.year);
    const lines = all.map((year) => {
      const record = unit.years[year];
      if (!record) return make("tr", "", heading("row", "", String(year)), Object.assign(make("td", "soft", "chưa có số liệu"), { colSpan: 6 }));
      const [place, name, titles, points, rank, flags, at, olds] = record;
      return make("tr", "", heading("row", "", String(year)),
        make("td", "", make("span", `band ${place === null ? "none" : report.bands[place][2]}`, name), olds ? make("div", "soft small", `từ: ${olds}`) : null),
        make("td", "", titles === null ? make("span", "soft", "không rõ") : titles.join("; ") || "–"), make("td", "number", points),
        make("td", "number", rank), make("td", "", flags.join("; ")), make("td", "soft small", at));
    });
    const names = ["Năm", "Xếp loại", "Danh hiệu", "Điểm", "Hạng", "Cảnh báo", "Chỗ ghi"];
    const box = make("div", "scroll", make("table", "", make("caption", "sr", "Các năm trước"),
      make("thead", "", make("tr", "", ...names.map((words, place) => heading("col", [3, 4].includes(place) ? "number" : "", words)))),
      make("tbody", "", ...lines)));
    box.tabIndex = 0;
    return box;
  };

  /** The findings as the list of the page says them, so that they are written once. */
  const findingOf = (number) => {
    const row = byId(`f${number}`);
    const of = row.closest(".found");
    const text = (place, look) => (place.querySelector(look) || { textContent: "" }).textContent;
    const shared = [".duty", ".basis"].map((look) => text(row, look) || text(of, `:scope > ${look}`));
    return [make("span", `severity ${of.dataset.severity}`, text(of, ".severity")), " ", make("span", "code", of.dataset.code), " ",
      text(row, ".message"), ...[text(row, ".people"), ...shared].filter(Boolean).map((words) => make("div", "small", words.trim())),
      make("div", "soft small", text(row, ".at"))];
  };

  /** What the ranking says of the unit, with the points against the maximum, and the ranks of how many. */
  const factsOf = (unit, row) => {
    const facts = make("dl", "facts");
    const add = (name, words) => words && facts.append(make("div", "", make("dt", "", name), make("dd", "", words)));
    const own = { "Xếp hạng": unit.rank, "Hạng trong nhóm": unit.groupRank, "Điểm": unit.total, "Điểm tối đa": "", "Tỷ lệ (%)": "", "Cảnh báo": "" };
    heads.forEach((each, place) => {
      if (place === nameAt) return;
      const name = each.textContent;
      const band = row.element.cells[place].querySelector(".band");
      add(name, name in own ? own[name] : band ? band.cloneNode(true) : word(row.element, place));
      if (name === "Điểm") add(`Trung bình của ${unit.group}`, unit.mean);
    });
    return facts;
  };

  const cardOf = (position, level2 = "h2") => {
    const unit = units[position];
    const row = rowOf.get(position);
    const title = make(level2, "", make("bdi", "", row.name));
    const card = make("article", "card", make("header", "", make("div", "", make("p", "over soft", document.querySelector(".over").textContent), title)));
    if (report.illustrative) card.append(make("p", "illustrative small", report.illustrative));
    card.append(factsOf(unit, row));
    if (unit.distance) {
      const to = unit.next ? `Đến mức ${unit.next}: ` : "";
      card.append(make("p", "", make("strong", "", to), unit.next ? unit.distance : `${unit.distance[0].toUpperCase()}${unit.distance.slice(1)}`, "."));
    }
    card.append(section("Vì sao", list(unit.why)));
    if (unit.decision) {
      const [band, reason, paper, at] = unit.decision;
      card.append(section("Quyết định của cấp có thẩm quyền", make("p", "", [band, reason, paper, at].filter(Boolean).join(" · "))));
    }
    if (unit.titles.length) card.append(section("Danh hiệu", ...titlesOf(unit)));
    card.append(section("Điểm từng tiêu chí", pointsTable(unit)));
    if (unit.found.length) card.append(section("Phát hiện", list(unit.found.map(findingOf))));
    if (Object.keys(unit.years).length) card.append(section("Các năm trước", yearsOf(unit)));
    if (unit.people) {
      card.append(section("Người đứng đầu, cấp phó", list(unit.people.map(([name, position_, proposed, band, why]) =>
        [make("strong", "", name), position_ ? `, ${position_}` : "", proposed ? `; đề xuất: ${proposed}` : "", band ? `; được xếp: ${band}` : "", why ? `. ${why}` : ""]))));
    }
    return [card, title];
  };

  const dialog = byId("card");
  let opened = 0;
  const openCard = (position) => {
    opened = position;
    const [card, title] = cardOf(position);
    title.id = "card-name";
    const tools = make("p", "tools", button("In phiếu", () => window.print()), button("Đóng", () => dialog.close()));
    card.firstChild.append(tools);
    dialog.replaceChildren(card);
    dialog.showModal();
    dialog.scrollTop = 0;
    tools.lastChild.focus();
  };
  document.addEventListener("click", (event) => {
    const named = event.target.closest("[data-card]");
    if (named) openCard(Number(named.dataset.card));
    if (event.target === dialog) dialog.close(); // the ground beside the card
  });

  // ----------------------------------------------------------------------------------------------- paper

  // An open card is what is meant to be printed, also by the browser's own command. What lies over the page cannot run over
  // several sheets, so the card is printed from a copy in it.
  let asked = [];
  window.addEventListener("beforeprint", () => {
    const wantedCards = dialog.open ? [opened] : asked;
    byId("sheets").replaceChildren(...wantedCards.map((position) => cardOf(position)[0]));
    document.body.classList.toggle("cards-only", wantedCards.length > 0);
  });
  window.addEventListener("afterprint", () => {
    byId("sheets").replaceChildren();
    document.body.classList.remove("cards-only");
  });
  printCards.addEventListener("click", () => {
    asked = shown.map((row) => row.unit);
    window.print();
    asked = [];
  });

  // -------------------------------------------------------------------------------------------- findings

  const FIRST = 50; // rows of one code before "more"
  const groups = [...document.querySelectorAll(".found")];
  groups.forEach((group) => {
    const lines = [...group.querySelectorAll("tbody tr")];
    if (lines.length <= FIRST) return;
    lines.slice(FIRST).forEach((line) => line.classList.add("elsewhere"));
    const more = button(`Hiện cả ${lines.length} dòng`, () => {
      lines.forEach((line) => line.classList.remove("elsewhere"));
      more.remove();
    });
    group.querySelector(".more").append(more);
  });
  const choice = byId("finding-filter");
  const siftFindings = () => {
    const grave = [...choice.querySelectorAll("[name=severity]:checked")].map((each) => each.value);
    const code = choice.elements.code.value;
    let count = 0;
    let all = 0;
    for (const group of groups) {
      const many = group.querySelectorAll("tbody tr").length;
      group.hidden = !grave.includes(group.dataset.severity) || (code !== "" && group.dataset.code !== code);
      all += many;
      count += group.hidden ? 0 : many;
    }
    byId("findings-shown").textContent = `Đang hiện ${count}/${all} phát hiện.`;
  };
  if (choice) {
    choice.addEventListener("input", siftFindings);
    choice.addEventListener("submit", (event) => event.preventDefault());
    siftFindings();
  }
  sift();
}
