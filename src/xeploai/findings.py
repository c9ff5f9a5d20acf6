"""Findings: what a person must know or do, each with its address; and the catalogue of our own codes.

Codes belong to their owners: `BTC` (rule book), `DL` (data), `LS` (history), `SS` (comparisons), `VB` (letters) stand here;
a flag's code stands in its book. Once released, a code never changes its meaning.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from xeploai.model import Cell, Unit


class Severity(StrEnum):
    """How grave: could not be judged · someone must act · worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def vi(self) -> str:
        """The officer's word."""
        return {"error": "lỗi", "warning": "cảnh báo", "note": "ghi chú"}[self.value]


class Streak(NamedTuple):
    """A run of years that ends in the classified year: how many, and the first of them."""

    years: int
    since: int


class Finding(NamedTuple):
    """One Vietnamese sentence with the numbers in it, and everything that is needed to act on it."""

    code: str
    severity: Severity
    message: str
    unit: Unit | None = None
    group: str = ""
    criterion: str = ""
    year: int | None = None
    at: Cell | None = None
    related: tuple[Cell, ...] = ()
    people: tuple[str, ...] = ()
    duty: str = ""
    basis: str = ""
    streak: Streak | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell that it names, the chief one first."""
        return ((self.at,) if self.at else ()) + self.related


class Unusable(Exception):
    """Nothing sensible can follow. The one exception of this package; caught once, in `cli`."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = findings


class Rule(NamedTuple):
    """One code of ours: its name, what it means, what to do; called with the numbers it makes a finding."""

    code: str
    severity: Severity
    title: str
    pattern: str
    meaning: str
    remedy: str

    def __call__(
        self,
        *,
        unit: Unit | None = None,
        group: str = "",
        criterion: str = "",
        year: int | None = None,
        at: Cell | None = None,
        related: tuple[Cell, ...] = (),
        **seen: object,
    ) -> Finding:
        seen |= {"unit": unit, "group": group, "criterion": criterion, "year": year}
        if at:
            seen.setdefault("cell", at.address)
        return Finding(
            self.code, self.severity, self.pattern.format(**seen).replace("?.", "?"), unit,
            group or (unit.parent if unit else ""), criterion, year, at, related, duty=self.remedy.format(**seen),
        )  # fmt: skip


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

# ------------------------------------------------------------------------------------------- DL: data, files

FILE_MISSING = Rule(
    "DL01", _E, "Không mở được tệp", "Không mở được tệp «{file}»: {reason}.",
    "Tệp không có ở chỗ đã ghi, là một thư mục, hoặc không có quyền đọc.",
    "Kiểm tra lại tên tệp và thư mục, rồi chạy lại.",
)  # fmt: skip
NOT_A_SPREADSHEET = Rule(
    "DL02", _E, "Không phải bảng tính", "«{file}» không phải bảng tính Excel: nội dung là {kind}.",
    "Loại tệp được nhận ra theo nội dung, không theo đuôi tên. Trang web hay văn bản đổi đuôi thành .xls vẫn là trang web, văn bản.",
    "Tệp nén: giải nén trước. PDF, ảnh, văn bản Word: xin tệp Excel gốc. Tệp rỗng: xin gửi lại. Tệp khác: mở bằng Excel, lưu thành .xlsx. Rồi chạy lại.",
)  # fmt: skip
DAMAGED = Rule(
    "DL03", _E, "Tệp hỏng", "Không đọc được «{file}»: {reason}.",
    "Tệp bị cắt ngang khi gửi, hỏng khi lưu, hoặc một phần bên trong sai.",
    "Mở bằng Excel (Open and Repair), lưu lại, hoặc xin đơn vị gửi lại tệp.",
)  # fmt: skip
ENCRYPTED = Rule(
    "DL04", _E, "Tệp có mật khẩu", "«{file}» được đặt mật khẩu nên không đọc được.",
    "Nội dung tệp đã mã hoá.",
    "Mở bằng Excel, bỏ mật khẩu (File, Info, Protect Workbook), lưu lại rồi chạy lại.",
)  # fmt: skip
NO_SHEETS = Rule(
    "DL05", _E, "Tệp không có dữ liệu", "«{file}» không có bảng tính nào có dữ liệu.",
    "Mọi trang tính trong tệp đều trống.",
    "Kiểm tra xem đã gửi đúng tệp chưa.",
)  # fmt: skip
UNSUPPORTED = Rule(
    "DL06", _E, "Định dạng không được đọc", "«{file}» là {kind}: loại này không được đọc.",
    "Đọc được .xlsx, .xlsm, .xls, .ods và bảng dạng văn bản .csv, .tsv, .txt. Loại .xlsb thì không: trình đọc nó bỏ qua ô lỗi (#N/A …).",
    "Mở bằng Excel, lưu lại thành .xlsx, rồi chạy lại với tệp mới.",
)  # fmt: skip
READER_DIED = Rule(
    "DL07", _E, "Trình đọc bị dừng", "Không đọc được «{file}»: trình đọc dừng giữa chừng, {reason}.",
    "Việc đọc tệp chạy riêng một tiến trình; tệp này làm tiến trình đó dừng. Các tệp khác không bị ảnh hưởng.",
    "Mở bằng Excel, xoá các hàng và cột thừa, lưu lại thành tệp mới rồi chạy lại.",
)  # fmt: skip
MISNAMED = Rule(
    "DL08", _N, "Đuôi tệp khác nội dung", "«{file}» có nội dung là {kind}; vẫn đọc bình thường.",
    "Tên tệp nói một đằng, nội dung một nẻo; phần mềm đọc theo nội dung.",
    "Nên đổi lại đuôi tệp cho đúng.",
)  # fmt: skip
OWN_RESULT = Rule(
    "DL09", _N, "Tệp kết quả của xeploai", "«{file}» là kết quả do xeploai ghi: không lấy làm bảng điểm, chỉ lấy trang «Lịch sử».",
    "Kết quả của lần chạy trước nằm lẫn trong các tệp đầu vào.",
    "Muốn dùng làm lịch sử thì ghi rõ --history.",
)  # fmt: skip
LOCK_FILE = Rule(
    "DL37", _N, "Tệp tạm", "«{file}» là tệp tạm (Excel để lại khi một bảng tính đang mở), không phải bảng tính: bỏ qua.",
    "Tên bắt đầu bằng ~$ hay .~lock là dấu hiệu có người đang mở tệp.",
    "Đóng bảng tính đang mở nếu muốn chắc tệp đã lưu xong.",
)  # fmt: skip

# ------------------------------------------------------------------------------------------- DL: the layout

NO_TABLE = Rule(
    "DL10", _E, "Không thấy bảng điểm", "«{file}», trang «{sheet}»: không thấy hàng tiêu đề nào khớp bộ tiêu chí «{book}»{found}.",
    "Bảng điểm được nhận ra nhờ hàng tiêu đề có tên hoặc mã các tiêu chí của bộ.",
    "Kiểm tra tên tiêu chí trên hàng tiêu đề, hoặc tạo biểu đúng mẫu: xeploai template {code}.",
)  # fmt: skip
COLUMN_MISSING = Rule(
    "DL11", _E, "Thiếu cột tiêu chí", "Trang «{sheet}» không có cột cho {criteria}: mọi đơn vị của trang này chưa xếp loại được.",
    "Thiếu điểm của một tiêu chí thì không thể biết tổng điểm; không coi là 0.",
    "Thêm cột còn thiếu, hoặc sửa tiêu đề cột cho đúng tên trong bộ tiêu chí.",
)  # fmt: skip
COLUMN_TWICE = Rule(
    "DL12", _E, "Hai cột cùng một tiêu chí", "Trang «{sheet}»: hai cột cùng là {criterion} (ô {first} và {second}): không biết lấy cột nào.",
    "Hai tiêu đề cùng khớp một tiêu chí nên không cột nào được lấy.",
    "Giữ lại một cột, hoặc đổi tiêu đề cột kia.",
)  # fmt: skip
COLUMN_UNKNOWN = Rule(
    "DL13", _W, "Cột không thuộc bộ tiêu chí", "Trang «{sheet}»: {count} cột có số nhưng không thuộc bộ tiêu chí, không được tính: {columns}.",
    "Tiêu đề của các cột này không khớp tiêu chí nào của bộ.",
    "Nếu đó là điểm phải tính, sửa tiêu đề cho đúng tên tiêu chí hoặc bổ sung vào bộ tiêu chí; nếu không, để nguyên.",
)  # fmt: skip
SHEET_HIDDEN = Rule(
    "DL14", _N, "Trang tính ẩn", "Trang tính ẩn «{sheet}» trong «{file}» không được đọc, vì đã có trang hiện dùng được.",
    "Trang ẩn thường là số liệu cũ.",
    "Nếu cần số liệu ở trang đó, bỏ ẩn (Unhide) rồi chạy lại.",
)  # fmt: skip
ROWS_HIDDEN = Rule(
    "DL15", _W, "Hàng hoặc cột ẩn", "Trang «{sheet}» có {what} bị ẩn trong bảng: {places}. {done}",
    "Hàng ẩn thường do quên bỏ lọc. Ẩn không có nghĩa là không có: mặc định vẫn đọc.",
    "Bỏ lọc và bỏ ẩn để kiểm tra. Thêm --hidden bỏ thì các hàng ẩn không được đọc; cột điểm ẩn luôn được đọc.",
)  # fmt: skip
ROWS_LEFT_OUT = Rule(
    "DL16", _N, "Hàng không phải đơn vị", "Trang «{sheet}»: {count} hàng không phải đơn vị nên không xếp loại: {rows}.",
    "Hàng cộng, hàng cao nhất, bình quân, chú thích không phải là đơn vị được chấm điểm.",
    "Nếu một trong các hàng đó là đơn vị, ghi lại tên và số thứ tự rồi chạy lại.",
)  # fmt: skip
NAME_MISSING = Rule(
    "DL17", _E, "Hàng có điểm, không có tên", "Trang «{sheet}», hàng {row}: có điểm nhưng không có tên đơn vị.",
    "Không biết điểm này của ai nên không xếp loại được.",
    "Ghi tên đơn vị, hoặc xoá hàng nếu thừa.",
)  # fmt: skip
PARTS_ABSENT = Rule(
    "DL18", _N, "Lấy điểm ở cấp trên", "Trang «{sheet}» không có cột của các phần thuộc {criterion}: lấy điểm ghi ở chính tiêu chí đó.",
    "Biểu chỉ có cột của tiêu chí, không có các tiêu chí thành phần.",
    "Không phải làm gì nếu biểu đúng là như vậy.",
)  # fmt: skip
PHASE_CHOSEN = Rule(
    "DL19", _N, "Chọn loại điểm", "Trang «{sheet}» có nhiều loại điểm ({phases}): xếp loại theo «{phase}».",
    "Bộ tiêu chí không nói lấy loại điểm nào, nên lấy điểm chính thức, rồi đến thẩm định, rồi đến tự chấm.",
    "Kiểm tra xem đó có đúng là điểm để xếp loại không.",
)  # fmt: skip

# ---------------------------------------------------------------------------------------- DL: the cells

POINTS_MISSING = Rule(
    "DL20", _E, "Điểm để trống", "{unit}: {criterion} để trống (ô {cell}); ô trống không phải là 0 điểm.",
    "Chưa có điểm thì chưa xếp loại được. Điểm 0 phải ghi là 0.",
    "Ghi điểm vào ô đó rồi chạy lại.",
)  # fmt: skip
POINTS_TEXT = Rule(
    "DL21", _E, "Chữ thay cho điểm", "{unit}: {criterion} ghi «{seen}», không phải là số (ô {cell}){hint}.",
    "Ô điểm phải là một con số.",
    "Ghi số điểm vào ô đó rồi chạy lại.",
)  # fmt: skip
POINTS_AMBIGUOUS = Rule(
    "DL22", _E, "Số mơ hồ", "{unit}: {criterion} ghi dạng chữ «{seen}», có thể là {small} hoặc {large} (ô {cell}).",
    "Dấu chấm vừa là dấu thập phân (máy cài kiểu Anh) vừa là dấu hàng nghìn (kiểu Việt): không ai được đoán.",
    "Gõ lại thành số trong Excel, hoặc ghi «dấu thập phân: phẩy» (hay «chấm») trong bộ tiêu chí.",
)  # fmt: skip
POINTS_TOO_HIGH = Rule(
    "DL23", _E, "Vượt điểm tối đa", "{unit}: {criterion} ghi {seen} điểm, tối đa là {most} (ô {cell}).",
    "Điểm chấm không được vượt điểm tối đa của tiêu chí trong bộ.",
    "Sửa lại điểm rồi chạy lại.",
)  # fmt: skip
POINTS_NEGATIVE = Rule(
    "DL24", _E, "Điểm âm", "{unit}: {criterion} ghi {seen} điểm, nhỏ hơn 0 (ô {cell}).",
    "Điểm chấm từ 0 đến điểm tối đa.",
    "Sửa lại điểm rồi chạy lại.",
)  # fmt: skip
CELL_ERROR = Rule(
    "DL25", _E, "Ô lỗi", "{unit}: {criterion} là ô lỗi {seen} (ô {cell}).",
    "Excel không tính được ô này: công thức trỏ vào chỗ đã bị xoá, chia cho 0, tra không thấy.",
    "Sửa công thức hoặc ghi số điểm vào ô đó rồi chạy lại.",
)  # fmt: skip
CELL_UNCOMPUTED = Rule(
    "DL26", _E, "Công thức chưa có kết quả", "{unit}: {criterion} là {seen} chưa được tính, tệp không chứa kết quả (ô {cell}).",
    "Tệp do phần mềm khác ghi ra, chưa mở bằng Excel lần nào.",
    "Mở bằng Excel, bấm F9, lưu lại rồi chạy lại.",
)  # fmt: skip
CELL_BOOLEAN = Rule(
    "DL27", _E, "Giá trị đúng/sai", "{unit}: {criterion} là giá trị {seen}, không phải là điểm (ô {cell}).",
    "TRUE không phải 1 điểm, FALSE không phải 0 điểm.",
    "Ghi số điểm vào ô đó rồi chạy lại.",
)  # fmt: skip
CELL_DATE = Rule(
    "DL28", _E, "Ngày tháng thay cho điểm", "{unit}: {criterion} là ngày giờ {seen} (ô {cell}); số nằm dưới định dạng ngày là {serial}.",
    "Ô đang định dạng ngày: gõ 8/5 hay 4.5 vào đó thành ngày tháng, không còn là điểm.",
    "Đổi định dạng ô thành Number, ghi lại điểm rồi chạy lại.",
)  # fmt: skip
TEXT_NUMBERS = Rule(
    "DL29", _N, "Số ghi dạng chữ", "Trang «{sheet}»: {count} ô ghi số dạng chữ, đã đọc là số: {cells}.",
    "Ô định dạng Text nên «9,5» là chữ; đọc được rõ ràng nên vẫn tính.",
    "Nên đổi các ô đó thành số.",
)  # fmt: skip
TOTAL_DIFFERS = Rule(
    "DL30", _W, "Tổng ghi khác tổng các phần", "{unit}: {what} ghi {seen} (ô {cell}), các phần cộng lại được {sum}; xếp loại theo các phần.",
    "Số tổng trong biểu không bằng tổng các tiêu chí. Số các phần quyết định.",
    "Đối chiếu lại: sửa số tổng, hoặc sửa điểm thành phần nếu chính điểm đó sai.",
)  # fmt: skip
TOTAL_UNREADABLE = Rule(
    "DL31", _N, "Ô tổng không có số", "Trang «{sheet}»: {count} ô tổng điểm không có số để đối chiếu: {cells}.",
    "Ô tổng là công thức chưa tính, ô lỗi hoặc chữ. Tổng được tính lại từ các phần nên kết quả không bị ảnh hưởng.",
    "Nên mở bằng Excel, bấm F9, sửa ô lỗi và lưu lại.",
)  # fmt: skip
NAMES_ALIKE = Rule(
    "DL38", _W, "Tên chỉ khác cách viết", "{units} chỉ khác cách viết: có phải một đơn vị? Vẫn xếp loại riêng từng hàng.",
    "Dấu nối, i và y, số thứ tự hay số 0 đứng trước: có thể là một đơn vị ghi hai lần, cũng có thể là hai đơn vị.",
    "Nếu là một đơn vị thì xoá hàng thừa; nếu là hai thì không phải sửa gì, hoặc ghi mã cho từng đơn vị.",
)  # fmt: skip
UNIT_TWICE = Rule(
    "DL32", _E, "Một đơn vị ghi hai lần", "{unit} xuất hiện {count} lần (ô {cells}): không hàng nào được xếp loại.",
    "Cùng tên trong cùng một huyện (hoặc cùng mã) thì là một đơn vị; hai hàng thì không biết hàng nào đúng.",
    "Xoá hàng thừa, hoặc sửa lại tên nếu đó là hai đơn vị khác nhau.",
)  # fmt: skip
POINTS_DUST = Rule(
    "DL33", _E, "Số gần bằng 0", "{unit}: {criterion} là {seen} (ô {cell}): phần dư của phép tính, không phải là điểm.",
    "Công thức trừ số lẻ để lại một số cực nhỏ mà Excel hiện là 0.",
    "Dùng ROUND trong công thức, hoặc ghi thẳng số điểm.",
)  # fmt: skip
ROUNDING_MATTERS = Rule(
    "DL35", _N, "Làm tròn làm đổi mức", "{unit}: đúng ra là {exact} nên xếp loại {band}; nếu làm tròn thành {rounded} thì là {other}.",
    "Kết quả nằm sát ngưỡng: số hiện ra sau khi làm tròn đã đạt, số thật thì chưa (hoặc ngược lại).",
    "Không phải sửa gì; nêu cả hai số khi có người hỏi. Muốn làm tròn trước khi xếp loại thì khai «làm tròn» trong bộ tiêu chí.",
)  # fmt: skip
NOTHING_ENTERED = Rule(
    "DL36", _E, "Đơn vị chưa có điểm nào", "{unit}: mọi ô điểm đều trống (ô {cells}); chưa xếp loại, không tính là 0 điểm.",
    "Đơn vị có tên trong biểu nhưng chưa có điểm.",
    "Bổ sung điểm, hoặc xoá hàng nếu đơn vị không thuộc diện xếp loại.",
)  # fmt: skip

# ---------------------------------------------------------------------------------- DL: years, assignments

YEARS_DISAGREE = Rule(
    "DL40", _W, "Hai năm khác nhau", "Trang «{sheet}»: {first} ghi năm {name}, {second} ghi năm {other} (ô {cell}); lấy năm {name}.",
    "Biểu thường được chép từ năm trước và quên sửa một chỗ.",
    "Sửa cho thống nhất, hoặc chỉ rõ bằng --year.",
)  # fmt: skip
YEAR_UNKNOWN = Rule(
    "DL41", _N, "Không rõ năm", "Trang «{sheet}» không ghi năm: các quy tắc nhiều năm liên tiếp không chạy được.",
    "Năm được tìm ở cột «Năm», tên trang và tiêu đề phía trên bảng.",
    "Chỉ rõ bằng --year.",
)  # fmt: skip
YEARS_LEFT_OUT = Rule(
    "DL42", _N, "Năm sau không xét", "Xét năm {year}; số liệu năm {later} có trong tệp nhưng không dùng.",
    "Khi xếp loại một năm cũ, số liệu của các năm sau không được dùng.",
    "Không phải làm gì.",
)  # fmt: skip
YEAR_ABSENT = Rule(
    "DL43", _E, "Không có năm cần xét", "Không có bảng điểm năm {year}; trong tệp có năm: {found}.",
    "Năm ghi ở --year không có trong các tệp.",
    "Kiểm tra lại --year, hoặc thêm tệp của năm đó.",
)  # fmt: skip
ASSIGNMENT_UNKNOWN = Rule(
    "DL44", _W, "Phân công không khớp", "Trang «{sheet}»: {count} dòng phân công không khớp đơn vị hoặc tiêu chí nào: {rows}.",
    "Tên đơn vị hoặc tiêu chí ở bảng phân công không có trong bảng điểm hay bộ tiêu chí.",
    "Sửa lại tên cho khớp; nếu không, người chịu trách nhiệm sẽ không hiện trong cảnh báo.",
)  # fmt: skip
SHEET_UNCLEAR = Rule(
    "DL45", _W, "Trang không hiểu được", "Trang «{sheet}»: {reason}; không dùng được trang này.",
    "Trang phụ (Phân công) phải có hàng tiêu đề với các cột cần thiết.",
    "Sửa hàng tiêu đề rồi chạy lại.",
)  # fmt: skip

SHEET_HIDDEN_READ = Rule(
    "DL46", _W, "Chỉ có trang ẩn", "Trang «{sheet}» trong «{file}» bị ẩn nhưng là trang duy nhất khớp bộ tiêu chí nên đã đọc.",
    "Trang ẩn thường là số liệu cũ.",
    "Kiểm tra xem đó có phải số liệu cần dùng không, rồi bỏ ẩn.",
)  # fmt: skip
YEAR_MISSING = Rule(
    "DL47", _E, "Trang không ghi năm", "Trang «{sheet}» không ghi năm trong khi các trang khác có: không biết thuộc năm nào nên không dùng.",
    "Các trang có nhiều năm khác nhau; trang không ghi năm không được đoán.",
    "Ghi năm vào tiêu đề hoặc tên trang, rồi chạy lại.",
)  # fmt: skip

YEAR_UNREADABLE = Rule(
    "DL48", _E, "Năm không đọc được", "Trang «{sheet}», hàng {row} ({name}): cột năm là {seen}, không biết thuộc năm nào nên không dùng.",
    "Cột «Năm» của hàng này không phải một năm.",
    "Ghi năm bằng bốn chữ số vào cột năm của hàng đó rồi chạy lại.",
)  # fmt: skip
ROWS_DOUBTFUL = Rule(
    "DL49", _W, "Hàng không rõ là gì", "Trang «{sheet}»: {count} hàng không rõ có phải đơn vị không, nên không xếp loại: {rows}.",
    "Hàng này không giống các hàng đơn vị khác: không có số thứ tự như chúng, là huyện giữa các xã, hoặc là mục không có đơn vị nào.",
    "Nếu là đơn vị, ghi số thứ tự và tên đầy đủ; nếu không, để nguyên.",
)  # fmt: skip
NO_UNITS = Rule(
    "DL34", _E, "Biểu chưa có đơn vị nào", "«{file}», trang «{sheet}»: có tiêu đề của bộ «{book}» nhưng chưa có hàng đơn vị nào.",
    "Biểu mới có phần tiêu đề.",
    "Điền tên đơn vị và điểm, rồi chạy lại.",
)  # fmt: skip

# ------------------------------------------------------------------- DL: facts, phases, scoring, decisions

KIND_UNKNOWN = Rule(
    "DL50", _E, "Không rõ loại đơn vị", "{unit}: {seen} loại đơn vị mà bộ biết (ô {cell}); bộ có: {kinds}.",
    "Bộ chấm mỗi loại đơn vị một khác, nên phải biết đơn vị thuộc loại nào: ở cột «Loại đơn vị», ở tên, hoặc ở tên trang.",
    "Ghi đúng tên loại vào cột «Loại đơn vị» rồi chạy lại.",
)  # fmt: skip
FACT_WRONG = Rule(
    "DL51", _E, "Số liệu sai kiểu", "{unit}: «{name}» ghi «{seen}», cần {need} (ô {cell}).",
    "Ô số liệu phải đúng kiểu mà bộ tiêu chí khai: số, phần trăm, có/không, chữ hoặc mức.",
    "Sửa ô đó rồi chạy lại.",
)  # fmt: skip
FACT_MISSING = Rule(
    "DL52", _E, "Thiếu số liệu để chấm", "{unit}: {criterion} không chấm được vì {reason}{where}; không tính là 0 điểm.",
    "Điểm của tiêu chí này tính từ số liệu; thiếu số liệu thì chưa có điểm.",
    "Bổ sung số liệu rồi chạy lại.",
)  # fmt: skip
NOT_SCORED = Rule(
    "DL53", _E, "Không tính được điểm", "{unit}: {criterion} không tính được điểm: {reason}{where}.",
    "Số liệu không hợp với cách chấm mà bộ tiêu chí khai.",
    "Sửa số liệu, hoặc bổ sung quy định vào cách chấm trong bộ tiêu chí.",
)  # fmt: skip
NOT_APPLICABLE_UNKNOWN = Rule(
    "DL54", _E, "Không áp dụng mà bộ không quy định", "{unit}: {criterion} ghi «{seen}» (ô {cell}), nhưng bộ tiêu chí không nói khi không áp dụng thì tính thế nào.",
    "Bỏ khỏi mẫu số, tính đủ điểm, chia cho tiêu chí khác hay quy đổi là việc của văn bản, không được đoán.",
    "Ghi điểm vào ô, hoặc thêm «khi không áp dụng: …» cho tiêu chí đó trong bộ.",
)  # fmt: skip
PHASE_WRONG = Rule(
    "DL55", _W, "Điểm giai đoạn khác không đọc được", "{unit}: {criterion}, điểm {phase} {reason}; không dùng để xếp loại.",
    "Loại điểm này không làm nên điểm xếp loại, nên đơn vị vẫn được xếp; bảng so sánh bỏ trống ô đó.",
    "Sửa ô đó nếu cần so sánh các loại điểm.",
)  # fmt: skip
PHASE_INSTEAD = Rule(
    "DL56", _W, "Biểu không có loại điểm mà bộ quy định", "Trang «{sheet}» không có loại điểm mà bộ quy định ({phases}); xếp loại theo {taken} của biểu.",
    "Bộ tiêu chí nói điểm chính thức gồm những loại điểm nào; biểu chỉ có một cột điểm.",
    "Kiểm tra xem cột điểm đó có đúng là điểm chính thức không.",
)  # fmt: skip
EXTRA_ABSENT = Rule(
    "DL57", _N, "Biểu không có cột thưởng, phạt", "Trang «{sheet}» không có cột cho {items}: không có khoản thưởng, phạt đó.",
    "Khoản thưởng, phạt chỉ có khi biểu ghi.",
    "Không phải làm gì nếu đúng là không có.",
)  # fmt: skip
DECISION_UNKNOWN = Rule(
    "DL58", _E, "Quyết định không dùng được", "Trang «{sheet}», hàng {row}: {reason}; kết quả tính không đổi.",
    "Trang «Quyết định» ghi mức mà cấp có thẩm quyền quyết định: đơn vị, xếp loại, lý do, văn bản.",
    "Sửa hàng đó rồi chạy lại.",
)  # fmt: skip
QUOTA_TIE = Rule(
    "DL59", _W, "Bằng nhau ở vạch hạn mức", "{group}: còn {left} suất «{band}» nhưng {count} đơn vị bằng nhau: {units}; chưa xác định, cần người quyết định.",
    "Các đơn vị này bằng nhau ở mọi tiêu chí so sánh mà bộ khai; phần mềm không tự chọn.",
    "Ghi quyết định vào trang «Quyết định» của biểu (đơn vị, xếp loại, lý do, văn bản) rồi chạy lại.",
)  # fmt: skip
QUOTA_OPEN = Rule(
    "DL60", _W, "Chưa tính được hạn mức", "{reason}; chưa áp dụng hạn mức «{code}».",
    "Hạn mức tính trên số đơn vị đã xếp loại hoặc trên một số liệu; số đó chưa đủ.",
    "Bổ sung số liệu rồi chạy lại.",
)  # fmt: skip
HEAD_UNKNOWN = Rule(
    "DL61", _W, "Người đứng đầu không khớp", "Trang «{sheet}», hàng {row}: {reason}.",
    "Trang «Người đứng đầu» ghi: họ tên, chức vụ, đơn vị, mức đề xuất.",
    "Sửa hàng đó rồi chạy lại.",
)  # fmt: skip
HEAD_ABOVE = Rule(
    "DL62", _W, "Đề xuất cao hơn mức được phép", "{unit}: {head} được đề xuất {proposed} (ô {cell}), chỉ được xếp nhiều nhất {band}: {reason}.",
    "Người đứng đầu bị khống chế theo mức xếp loại của đơn vị.",
    "Xếp lại theo cột «Mức được xếp» của trang «Người đứng đầu» trong kết quả.",
)  # fmt: skip
FACT_TWICE = Rule(
    "DL63", _E, "Số liệu ghi hai nơi khác nhau", "{unit}: «{name}» ghi {first} (ô {cell}) và {second} (ô {other}); không dùng số nào.",
    "Hai trang ghi khác nhau cho cùng một đơn vị: không biết số nào đúng.",
    "Sửa cho thống nhất rồi chạy lại.",
)  # fmt: skip
DECIDED = Rule(
    "DL64", _N, "Theo quyết định của cấp có thẩm quyền", "{unit}: xếp loại {band} theo quyết định ({document}){reason}; phần mềm tính ra {computed}.",
    "Cấp có thẩm quyền quyết định khác kết quả tính; cả hai đều được ghi.",
    "Không phải làm gì; lưu văn bản quyết định cùng hồ sơ.",
)  # fmt: skip
UNDETERMINED = Rule(
    "DL65", _W, "Chưa xác định được mức", "{unit}: {reason}.",
    "Không mức nào của bộ có đủ cả điểm và điều kiện, hoặc thiếu số liệu để biết; phần mềm không đoán.",
    "Bổ sung số liệu, hoặc ghi quyết định của cấp có thẩm quyền vào trang «Quyết định» rồi chạy lại.",
)  # fmt: skip

NOT_FOR_KIND = Rule(
    "DL66", _W, "Ghi vào ô không áp dụng", "Trang «{sheet}»: {count} ô của {criterion} có số nhưng tiêu chí này không áp dụng cho loại đơn vị đó, không được tính: {cells}.",
    "Bộ chấm mỗi loại đơn vị theo tiêu chí riêng; số ghi ở tiêu chí của loại khác không thuộc điểm của đơn vị.",
    "Kiểm tra cột «Loại đơn vị»; nếu đúng thì xoá số trong các ô đó.",
)  # fmt: skip

FACTS_OF_NOBODY = Rule(
    "DL67", _W, "Số liệu không biết của đơn vị nào", "Trang «{sheet}»: {count} hàng số liệu không khớp đúng một đơn vị của bảng điểm: {rows}.",
    "Trang số liệu riêng được ghép vào bảng điểm theo mã, hoặc theo tên trong cùng huyện; tên gần giống không bao giờ tự ghép.",
    "Sửa tên (và huyện) cho khớp bảng điểm rồi chạy lại.",
)  # fmt: skip

QUOTA_EXCEEDED = Rule(
    "DL68", _W, "Quyết định vượt hạn mức", "{group}: {count} đơn vị được quyết định xếp «{band}», hạn mức «{code}» chỉ có {places} suất.",
    "Quyết định của cấp có thẩm quyền được giữ nguyên; hạn mức thì không đổi.",
    "Kiểm tra lại các quyết định, hoặc sửa hạn mức trong bộ nếu văn bản cho phép.",
)  # fmt: skip

PERCENT_SMALL = Rule(
    "DL69", _W, "Phần trăm rất nhỏ", "Trang «{sheet}»: {count} ô «{name}» ghi số từ 0 đến 1, đọc là phần trăm rất nhỏ: {cells}.",
    "Ô định dạng % hiện 95% nhưng chứa 0,95; bộ khai «phần trăm ghi là: 95» nên 0,95 được đọc là 0,95%.",
    "Nếu 0,95 nghĩa là 95% thì gõ lại 95, hoặc khai «phần trăm ghi là: 0,95» trong bộ.",
)  # fmt: skip
PERCENT_LARGE = Rule(
    "DL87", _W, "Phần trăm rất lớn", "Trang «{sheet}»: {count} ô «{name}» đọc là phần trăm rất lớn: {cells}.",
    "Ô định dạng % hiện số nằm trong ô nhân 100: gõ 56,17 rồi mới định dạng % thì thành 5617%. Bộ khai «phần trăm ghi là: 0,95» cũng đọc như vậy.",
    "Nếu số đúng là số nhỏ thì gõ lại vào ô kèm dấu % (ví dụ 56,17%); nếu số lớn là đúng, để nguyên.",
)  # fmt: skip
QUOTA_UNSURE = Rule(
    "DL70", _W, "Hạn mức còn tuỳ đơn vị chưa xác định", "{group}: {open} chưa xác định vì thiếu số liệu, mà điểm không thấp hơn; có kết quả rồi thì {units} có thể không còn suất «{band}», nên cũng chưa xác định.",
    "Đơn vị thiếu số liệu có thể còn được xếp vào mức có hạn mức và chiếm một suất.",
    "Bổ sung số liệu còn thiếu, hoặc ghi quyết định vào trang «Quyết định», rồi chạy lại.",
)  # fmt: skip

SHARE_OF_NOTHING = Rule(
    "DL71", _E, "Mẫu số bằng 0", "{unit}: «{name}» bằng 0{where}, không tính được tỷ lệ «{part}» mà {what} cần.",
    "Điều kiện so một tỷ lệ, mà bộ chưa nói không có gì để tính thì coi là đạt hay không đạt.",
    "Kiểm tra số liệu; nếu đúng là 0 thì thêm «khi tổng bằng 0: đạt» (hay «không đạt») vào điều kiện đó trong bộ.",
)  # fmt: skip

# ------------------------------------------------------------------- DL: letters and percents

OLD_LETTERS = Rule(
    "DL74", _N, "Chữ TCVN3 đã chuyển sang Unicode", "Trang «{sheet}»: {count} ô ở cột {columns} ghi bằng chữ TCVN3 (ABC), nhận ra nhờ {evidence}; đã đọc là Unicode: {examples}.",
    "Chữ gõ bằng phông .VnTime trước thời Unicode: trong tệp là những ký tự khác. Chỉ chuyển khi chắc chắn; tệp gốc không bị sửa.",
    "Xem lại các chữ đã chuyển; nên chuyển hẳn tệp sang Unicode bằng UniKey (Ctrl+Shift+F6).",
)  # fmt: skip
OLD_LETTERS_UNSURE = Rule(
    "DL75", _W, "Có thể là chữ TCVN3", "Trang «{sheet}»: {count} ô ở cột {columns} có thể ghi bằng chữ TCVN3 (ABC) nhưng chưa đủ căn cứ, nên để nguyên: {examples}.",
    "Ô có phông .VnTime hoặc ký tự của TCVN3, nhưng quá ít, hoặc lẫn với chữ Unicode trong cùng cột: đọc sai là hỏng chữ đúng.",
    "Nếu cách đọc sau mũi tên là đúng, chạy lại với --font tcvn3; nếu không, để nguyên.",
)  # fmt: skip
VNI_LETTERS = Rule(
    "DL76", _E, "Chữ VNI", "«{file}», trang «{sheet}»: {count} ô ghi bằng chữ VNI (ô {cells}): {examples}; không dùng trang này.",
    "Chữ gõ bằng phông VNI trước thời Unicode: trong tệp là những ký tự khác, tên đơn vị và tiêu chí không khớp được.",
    "Chuyển sang Unicode: mở bằng Excel, chép các ô chữ, bấm Ctrl+Shift+F6 của UniKey (nguồn VNI Windows, đích Unicode), dán lại, chọn phông Times New Roman, lưu rồi chạy lại.",
)  # fmt: skip
POINTS_PERCENT = Rule(
    "DL77", _E, "Phần trăm thay cho điểm", "{unit}: {criterion} hiện {seen} (giá trị {value}), cột này ghi điểm (ô {cell}): có thể là {small} hoặc {large} điểm.",
    "Ô đang định dạng %: số hiện ra gấp 100 lần số nằm trong ô. Không ai được đoán số nào là điểm.",
    "Đổi định dạng ô thành Number, ghi lại đúng số điểm rồi chạy lại.",
)  # fmt: skip

CELL_TWICE = Rule(
    "DL72", _W, "Ô ghi hai lần", "Trang «{sheet}»: {count} ô có hai giá trị trong tệp, lấy giá trị ghi sau: {cells}.",
    "Một phần mềm đã ghi tệp sai: mỗi ô chỉ được có một giá trị. Excel có thể hiện giá trị kia hoặc báo tệp hỏng.",
    "Mở tệp bằng Excel, kiểm tra giá trị các ô đó, lưu lại rồi chạy lại.",
)  # fmt: skip
CELL_COVERED = Rule(
    "DL73", _W, "Giá trị bị che dưới ô gộp", "Trang «{sheet}»: {count} ô bị ô gộp che vẫn còn giá trị khác với ô nhìn thấy: {cells}.",
    "Vùng gộp chỉ hiện ô đầu tiên; giá trị cũ nằm dưới nó không ai thấy nhưng vẫn còn trong tệp và có thể được đọc.",
    "Bỏ gộp các ô đó, xoá giá trị thừa, gộp lại nếu cần, lưu rồi chạy lại.",
)  # fmt: skip

# ------------------------------------------------------------------------ DL: the register of units

UNIT_UNLISTED = Rule(
    "DL78", _W, "Khác danh mục đơn vị", "{what}.",
    "Danh mục (--units) cho biết năm đó có những đơn vị nào, mã gì. Tên gần giống chỉ được hỏi, không bao giờ tự ghép.",
    "Nếu là một đơn vị, sửa tên hoặc mã cho khớp danh mục; nếu danh mục thiếu, bổ sung danh mục.",
)  # fmt: skip
UNIT_LACKING = Rule(
    "DL79", _W, "Biểu thiếu đơn vị của danh mục", "Danh mục năm {year} có {count} đơn vị mà bảng điểm không có: {units}.",
    "Một đơn vị chưa gửi biểu, hoặc bị bỏ sót, làm sai xếp hạng và tỷ lệ chung.",
    "Bổ sung bảng điểm của các đơn vị đó; nếu không thuộc diện xếp loại, bỏ chúng khỏi danh mục đưa vào.",
)  # fmt: skip

UNIT_CODED = Rule(
    "DL85", _N, "Mã hiểu theo danh mục", "{what}.",
    "Danh mục (--units) cho biết mã của từng đơn vị: mã còn trống, hoặc mất số 0 ở đầu, được lấy theo danh mục.",
    "Không phải làm gì; xem lại các mã đã điền.",
)  # fmt: skip
SHEET_OF_NO_CELLS = Rule(
    "DL86", _W, "Trang không phải bảng tính", "«{file}» có trang không phải trang tính nên không được đọc: {sheets}.",
    "Trang biểu đồ không có ô nào; trang macro, hộp thoại và mã lệnh không chứa bảng điểm.",
    "Nếu có điểm ghi ở đó, chép sang một trang tính thường rồi chạy lại; nếu không, để nguyên.",
)  # fmt: skip

# ------------------------------------------------------------------------ DL: forms, and criteria as rows

FORM_NAMELESS = Rule(
    "DL80", _E, "Phiếu không ghi đơn vị", "«{file}», trang «{sheet}»: phiếu chấm điểm không ghi là của đơn vị nào.",
    "Phiếu của một đơn vị được nhận ra nhờ dòng «Đơn vị: …» ở trên bảng, tên trang, hoặc dòng tiêu đề có tên xã, phường.",
    "Ghi thêm dòng «Đơn vị: Xã …» ở trên bảng rồi chạy lại.",
)  # fmt: skip
CRITERION_UNKNOWN = Rule(
    "DL81", _W, "Hàng không thuộc bộ tiêu chí", "Trang «{sheet}»: {count} hàng có điểm nhưng không thuộc bộ tiêu chí, không được tính: {rows}.",
    "Nội dung của các hàng này không khớp tiêu chí nào của bộ.",
    "Nếu đó là điểm phải tính, sửa nội dung cho đúng tên tiêu chí hoặc bổ sung vào bộ tiêu chí; nếu không, để nguyên.",
)  # fmt: skip
MAXIMUM_DIFFERS = Rule(
    "DL82", _W, "Điểm tối đa khác bộ tiêu chí", "Trang «{sheet}»: {criterion} ghi điểm tối đa {seen} (ô {cell}), bộ tiêu chí là {most}.",
    "Biểu có thể lập theo một bộ tiêu chí khác. Kết quả tính theo điểm tối đa của bộ tiêu chí.",
    "Kiểm tra xem biểu có đúng mẫu của năm này không; chọn bộ khác bằng --rules.",
)  # fmt: skip
CRITERION_TWICE = Rule(
    "DL83", _E, "Một tiêu chí ghi hai lần", "Trang «{sheet}»: {count} tiêu chí được ghi hai lần cho cùng một đơn vị (ô {cells}).",
    "Không biết lấy số nào, nên các đơn vị đó chưa xếp loại được.",
    "Giữ lại một hàng cho mỗi đơn vị và tiêu chí rồi chạy lại.",
)  # fmt: skip
PLACING_WRONG = Rule(
    "DL84", _E, "Tệp bố trí sai", "Tệp bố trí (--map): {what}.",
    "Tệp bố trí nói điểm của từng tiêu chí nằm ở đâu; tên trang và mã tiêu chí phải có thật.",
    "Sửa tệp bố trí cho đúng tên trang và mã tiêu chí (xeploai rules show ‹bộ›) rồi chạy lại.",
)  # fmt: skip

# ---------------------------------------------------------------------------------------- DL: the output

OUTPUT_EXISTS = Rule(
    "DL90", _E, "Tệp kết quả đã có", "«{file}» đã có nên không ghi đè.",
    "Kết quả cũ có thể đã được công bố; phần mềm không tự xoá.",
    "Đặt tên khác bằng -o, hoặc thêm --force để ghi đè.",
)  # fmt: skip
OUTPUT_FAILED = Rule(
    "DL91", _E, "Không ghi được kết quả", "Không ghi được «{file}»: {reason}. Tệp cũ (nếu có) còn nguyên.",
    "Kết quả được ghi trọn vẹn ra tệp tạm rồi mới thay tệp đích, nên không bao giờ có tệp ghi dở.",
    "Đóng tệp đang mở trong Excel, kiểm tra thư mục, dung lượng đĩa và quyền ghi, rồi chạy lại.",
)  # fmt: skip
OUTPUT_IS_INPUT = Rule(
    "DL92", _E, "Tệp kết quả trùng tệp đầu vào", "«{file}» là tệp đầu vào: không ghi kết quả đè lên.",
    "Tệp của người dùng không bao giờ bị sửa.",
    "Đặt tên khác bằng -o.",
)  # fmt: skip
BAD_OPTION = Rule(
    "DL93", _E, "Tuỳ chọn không đúng", "{what}.",
    "Một tuỳ chọn trên dòng lệnh không dùng được.",
    "Xem cách dùng: xeploai --help.",
)  # fmt: skip
CANNOT_ANNOTATE = Rule(
    "DL97", _E, "Không ghi được bản sao có kết quả", "Không ghi thêm kết quả vào bản sao của «{file}»: {reason}.",
    "Bản sao (--annotate) là chính bảng tính của người dùng, thêm cột kết quả và ghi chú. Chỗ nào ghi thêm sẽ làm mất hay làm hỏng điều đang có thì không ghi: không bao giờ có một bản sao nghèo hơn bản gốc.",
    "Sửa như câu trên rồi chạy lại; hoặc bỏ --annotate: tệp kết quả vẫn ghi đủ xếp loại, cảnh báo và địa chỉ ô.",
)  # fmt: skip

# ---------------------------------------------------------------------------------------- BTC: rule books

BOOK_SYNTAX = Rule(
    "BTC01", _E, "Sai cú pháp YAML", "{place}: {message}.",
    "Tệp không viết đúng cách của YAML: thụt đầu dòng, dấu hai chấm, dấu ngoặc.",
    "Sửa dòng đó; thụt đầu dòng bằng dấu cách, không bằng phím Tab; số hoặc chữ bắt đầu bằng ký tự lạ thì đặt trong ngoặc kép.",
)  # fmt: skip
BOOK_UNSAFE = Rule(
    "BTC02", _E, "Cách viết không được dùng", "{place}: {message}.",
    "Khoá trùng, bí danh (&, *, <<), thẻ (!), nhiều tài liệu, tệp quá lớn hoặc quá sâu làm bộ tiêu chí khó kiểm soát nên bị từ chối.",
    "Viết mỗi khoá một lần, và viết thẳng giá trị ở từng chỗ.",
)  # fmt: skip
BOOK_KEY = Rule(
    "BTC03", _E, "Từ khoá lạ hoặc thiếu", "{place}: {message}.",
    "Mỗi chỗ của bộ tiêu chí chỉ nhận một số từ khoá; từ khoá bắt buộc không được thiếu.",
    "Sửa theo gợi ý; xem các từ khoá: xeploai rules schema.",
)  # fmt: skip
BOOK_VALUE = Rule(
    "BTC04", _E, "Giá trị sai", "{place}: {message}.",
    "Giá trị không đúng loại cần có ở chỗ đó.",
    "Sửa giá trị rồi chạy: xeploai rules check TỆP.",
)  # fmt: skip
BOOK_CONTRADICTION = Rule(
    "BTC05", _E, "Bộ tiêu chí tự mâu thuẫn", "{place}: {message}.",
    "Các phần của bộ không khớp nhau: tổng điểm, thứ tự mức, tên không có.",
    "Sửa cho khớp; nếu chính văn bản mâu thuẫn, ghi «sai lệch đã biết: điều, khoản» ở chỗ đó.",
)  # fmt: skip
BOOK_IDLE_LIMIT = Rule(
    "BTC06", _W, "Ngưỡng không có tác dụng", "{place}: {message}.",
    "Ngưỡng bằng hoặc cao hơn điểm tối đa thì mọi đơn vị đều vướng; thường là nhầm cấp tiêu chí.",
    "Kiểm tra lại ngưỡng và «cấp».",
)  # fmt: skip
BOOK_KNOWN = Rule(
    "BTC07", _N, "Sai lệch đã biết của văn bản", "{place}: {message}.",
    "Văn bản gốc tự mâu thuẫn ở điều, khoản đã nêu; bộ tiêu chí giữ nguyên và ghi chú.",
    "Không phải làm gì.",
)  # fmt: skip
EXAMPLE_FAILS = Rule(
    "BTC08", _E, "Ví dụ không ra đúng đáp số", "{place}: ví dụ «{name}»: {message}.",
    "Ví dụ trong bộ là phép thử của chính bộ đó; đáp số tính tay khác kết quả phần mềm.",
    "Sửa ví dụ hoặc sửa quy tắc cho khớp văn bản.",
)  # fmt: skip
NOT_IN_FORCE = Rule(
    "BTC09", _W, "Bộ tiêu chí không áp dụng cho năm này", "Bộ «{book}» áp dụng {years}, bảng điểm là năm {year}.",
    "Bộ được chỉ định rõ bằng --rules nên vẫn dùng.",
    "Kiểm tra xem năm đó phải dùng bộ nào: xeploai rules list.",
)  # fmt: skip
NO_BOOK = Rule(
    "BTC10", _E, "Không chọn được bộ tiêu chí", "{message}",
    "Khi không ghi --rules, bộ được chọn phải có mọi tiêu chí tìm thấy theo tên trong biểu và đang áp dụng trong năm đó; mã không đủ để chọn.",
    "Ghi rõ --rules với mã hoặc tệp bộ tiêu chí; xem danh sách: xeploai rules list.",
)  # fmt: skip
BOOK_MISSING = Rule(
    "BTC12", _E, "Không có bộ tiêu chí này", "Không có bộ tiêu chí «{book}»{hint}.",
    "--rules nhận đường dẫn tới tệp YAML, hoặc mã của một bộ có sẵn.",
    "Xem các bộ có sẵn: xeploai rules list.",
)  # fmt: skip
ILLUSTRATIVE = Rule(
    "BTC13", _N, "Số minh hoạ", "Bộ «{book}» dùng số minh hoạ: tiêu chí, điểm, ngưỡng chưa có văn bản xác nhận.",
    "Người soạn bộ chưa thấy văn bản gốc của các con số.",
    "Đối chiếu với quyết định của tỉnh và sửa tệp YAML trước khi dùng chính thức.",
)  # fmt: skip

# ---------------------------------------------------------------------------------------- LS: history

PAST_BAND_UNKNOWN = Rule(
    "LS01", _W, "Mức lạ trong lịch sử", "{unit}: năm {year} ghi «{seen}», không phải mức nào của bộ (ô {cell}); coi như không có số liệu năm đó.",
    "Mức của năm cũ không có trong bộ tiêu chí và chưa được quy đổi.",
    "Sửa chữ trong ô, hoặc thêm vào «thang cũ» của bộ: {{mức: …, coi như: …}}.",
)  # fmt: skip
PAST_RECOMPUTED = Rule(
    "LS02", _W, "Công bố khác tính lại", "{unit}: năm {year} đã công bố {published} (ô {cell}), tính lại từ điểm được {computed}; dùng mức đã công bố.",
    "Mức đã công bố thắng mức tính lại.",
    "Kiểm tra vì sao khác: điểm đã sửa sau công bố, hay công bố nhầm.",
)  # fmt: skip
PAST_TWICE = Rule(
    "LS03", _E, "Hai mức khác nhau cho một năm", "{unit}: năm {year} ghi «{first}» (ô {cell}) và «{second}» (ô {other}); coi như không có số liệu năm đó.",
    "Hai nguồn lịch sử nói khác nhau: không biết nguồn nào đúng.",
    "Sửa nguồn sai rồi chạy lại.",
)  # fmt: skip
PAST_UNIT_UNKNOWN = Rule(
    "LS04", _W, "Lịch sử của đơn vị không có trong biểu", "{count} đơn vị có trong lịch sử nhưng không có trong bảng điểm năm {year}: {units}.",
    "Đơn vị đã sáp nhập, đổi tên, hoặc tên viết khác.",
    "Nếu cùng một đơn vị, sửa tên cho khớp; không có gì bị ghép tự động.",
)  # fmt: skip
PAST_UNIT_UNCLEAR = Rule(
    "LS05", _W, "Tên trong lịch sử khớp nhiều đơn vị", "Lịch sử ghi «{name}» (ô {cell}), khớp {count} đơn vị: {units}; không dùng dòng này.",
    "Nhiều đơn vị cùng tên mà dòng lịch sử không ghi huyện hoặc loại đơn vị.",
    "Ghi thêm huyện hoặc loại (xã, phường, thị trấn) cho dòng đó.",
)  # fmt: skip
PAST_UNCLEAR = Rule(
    "LS06", _E, "Không hiểu bảng lịch sử", "«{file}», trang «{sheet}»: {reason}.",
    "Bảng lịch sử cần cột tên đơn vị và mỗi năm một cột (Năm 2017, Năm 2018 …), hoặc các cột Năm, Đơn vị, Xếp loại.",
    "Sửa hàng tiêu đề rồi chạy lại.",
)  # fmt: skip
PAST_OF_THIS_YEAR = Rule(
    "LS07", _N, "Lịch sử của chính năm đang xét", "Lịch sử có {count} dòng của năm {year} trở đi: không dùng, vì đang xếp loại năm {year}.",
    "Năm đang xét không bao giờ lấy từ lịch sử.",
    "Không phải làm gì.",
)  # fmt: skip
PAST_NOT_RATED = Rule(
    "LS08", _W, "Năm trước không xếp loại lại được", "Bảng điểm năm {year}: {reason}; coi như không có số liệu năm đó.",
    "Năm trước phải được xếp loại bằng bộ tiêu chí áp dụng khi đó.",
    "Đưa kết quả đã công bố của năm đó vào --history.",
)  # fmt: skip
PAST_NEAR_NAME = Rule(
    "LS09", _W, "Tên gần giống", "Lịch sử ghi «{name}» (ô {cell}), biểu năm {year} ghi «{unit}» (ô {other}): có phải một đơn vị? Chưa ghép.",
    "Hai tên chỉ khác một dấu hoặc một chữ, hay một tên mang hai mã, có thể là hai xã khác nhau, nên không tự ghép.",
    "Nếu là một: tên khác thì sửa tên cho giống nhau, chỉ khác mã thì sửa mã hoặc đưa danh mục đơn vị vào --units; rồi chạy lại.",
)  # fmt: skip
PAST_CELL = Rule(
    "LS10", _W, "Ô lịch sử không đọc được", "{unit}: năm {year} là {seen} (ô {cell}); coi như không có số liệu năm đó.",
    "Ô lỗi, công thức chưa tính, ngày tháng hay số không phải là mức xếp loại.",
    "Ghi mức xếp loại bằng chữ vào ô đó.",
)  # fmt: skip

PAST_STOPS = Rule(
    "LS11", _W, "Lịch sử dừng ở sáp nhập", "Lịch sử của {count} đơn vị dừng ở ngày thành lập, các năm trước không tính ({reason}): {units}.",
    "Đơn vị mới thành lập từ nhiều đơn vị cũ; văn bản hoặc người dùng phải nói lịch sử của các đơn vị cũ tính thế nào.",
    "Nếu văn bản cho tính tiếp, ghi «qua sáp nhập: thấp nhất» (hoặc bất kỳ, tất cả) vào bộ tiêu chí, hay chạy với --merger.",
)  # fmt: skip
LINEAGE_UNCLEAR = Rule(
    "LS12", _W, "Sáp nhập, đổi tên chưa rõ", "{what}.",
    "Bảng --lineage phải nói mỗi đơn vị cũ vào đơn vị mới nào, từ ngày nào. Tên hay mã giống nhau trước và sau sáp nhập chưa chắc là một đơn vị.",
    "Bổ sung hoặc sửa bảng --lineage, hoặc sửa tên, mã trong lịch sử, rồi chạy lại.",
)  # fmt: skip
PAST_CARRIED = Rule(
    "LS13", _N, "Lịch sử của đơn vị cũ", "Lịch sử của {count} đơn vị tính theo đơn vị cũ ({what}): {units}.",
    "Bảng --lineage nối đơn vị mới với đơn vị cũ; đổi tên một thành một thì lịch sử đi theo, sáp nhập thì theo chính sách đã chọn.",
    "Không phải làm gì; kiểm tra lại bảng --lineage nếu thấy lạ.",
)  # fmt: skip

# ------------------------------------------------------------------------------------- SS: comparisons

NOTHING_COMMON = Rule(
    "SS01", _E, "Không có gì để so", "{what}.",
    "So hai kỳ cần ít nhất một đơn vị có ở cả hai bên (theo mã, hay tên và cấp trên), hoặc bảng sáp nhập nối hai bên.",
    "Kiểm tra xem đã đưa đúng hai tệp chưa, rồi chạy lại: xeploai compare CŨ MỚI.",
)  # fmt: skip
UNLIKE = Rule(
    "SS02", _W, "Hai bên chấm khác nhau", "{what}.",
    "Khác bộ tiêu chí, khác bản của một bộ, hoặc khác điểm tối đa thì lên hay xuống mức có thể do cách chấm đổi.",
    "Đọc kết quả so với lưu ý đó; muốn so cùng một cách chấm thì đưa hai bảng điểm, không phải tệp kết quả, với một bộ: --rules BỘ.",
)  # fmt: skip

# ---------------------------------------------------------------------------------------- VB: letters

TEMPLATE_FIELD = Rule(
    "VB01", _E, "Mẫu văn bản có trường lạ", "Mẫu «{file}» có trường không biết: {fields}; không làm văn bản nào theo mẫu này.",
    "Mỗi trường trong mẫu Word (tên giữa hai lần ngoặc nhọn) được điền theo tên; tên lạ thì không biết điền gì. Các mẫu khác vẫn làm.",
    "Sửa tên trường trong mẫu rồi chạy lại. Các trường của mẫu này: {known}.",
)  # fmt: skip
TEMPLATE_UNUSABLE = Rule(
    "VB02", _E, "Mẫu văn bản không dùng được", "Không dùng được mẫu «{file}»: {reason}; không làm văn bản nào theo mẫu này.",
    "Mẫu là tài liệu Word .docx; trong đó chỉ có trường, lặp và điều kiện. Các mẫu khác vẫn làm.",
    "Sửa hoặc thay tệp mẫu (mở một mẫu có sẵn trong rules/mau, sửa bằng Word, lưu .docx), rồi chạy lại.",
)  # fmt: skip
NO_PEOPLE = Rule(
    "VB03", _W, "Chưa rõ người phải kiểm điểm", "{count} biên bản kiểm điểm chưa có đủ tên hai người ({what}): để dòng chấm.",
    "Tên lãnh đạo phụ trách và công chức lĩnh vực lấy từ trang «Phân công» của bảng điểm.",
    "Thêm trang «Phân công» (các cột Đơn vị, Tiêu chí, Lãnh đạo phụ trách, Công chức) rồi chạy lại, hoặc ghi tay vào biên bản.",
)  # fmt: skip

CATALOGUE: dict[str, Rule] = {rule.code: rule for rule in list(globals().values()) if isinstance(rule, Rule)}
"""Code → rule: every code of ours, as `explain` and the museum of errors read it."""
