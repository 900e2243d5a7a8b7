package language

import (
	"strings"
	"testing"
)

// sentences are what the detector must tell apart, by language.
var sentences = map[string]string{
	"en": "The city opened its data last year, and the people who use it most are not the ones we had expected when we began.",
	"fr": "La ville a ouvert ses données l’an dernier, et ceux qui s’en servent le plus ne sont pas ceux que nous attendions au début.",
	"es": "La ciudad abrió sus datos el año pasado, y quienes más los usan no son los que esperábamos cuando empezamos con el proyecto.",
	"pt": "A cidade abriu os seus dados no ano passado, e as pessoas que mais os usam não são aquelas que esperávamos quando começámos.",
	"de": "Die Stadt hat im letzten Jahr ihre Daten geöffnet, und die sie am meisten nutzen, sind nicht die, mit denen wir gerechnet hatten.",
	"it": "La città ha aperto i suoi dati l’anno scorso, e le persone che li usano di più non sono quelle che ci aspettavamo all’inizio.",
	"nl": "De stad heeft vorig jaar haar gegevens vrijgegeven, en de mensen die ze het meest gebruiken zijn niet degenen die wij hadden verwacht.",
	"ca": "La ciutat va obrir les seves dades l’any passat, i les persones que més les fan servir no són les que esperàvem quan vam començar.",
	"gl": "A cidade abriu os seus datos o ano pasado, e as persoas que máis os usan non son as que agardabamos cando comezamos co proxecto.",
	"sv": "Staden öppnade sina data förra året, och de som använder dem mest är inte de som vi hade väntat oss när vi började.",
	"da": "Byen åbnede sine data sidste år, og de mennesker, som bruger dem mest, er ikke dem, vi havde ventet, da vi begyndte.",
	"fi": "Kaupunki avasi tietonsa viime vuonna, ja ne jotka käyttävät niitä eniten eivät ole niitä, joita odotimme kun aloitimme.",
	"pl": "Miasto otworzyło swoje dane w zeszłym roku, a ludzie, którzy korzystają z nich najczęściej, to nie ci, których się spodziewaliśmy.",
	"cs": "Město loni otevřelo svá data a lidé, kteří je nejvíce používají, nejsou ti, které jsme čekali, když jsme začínali.",
	"ro": "Orașul și-a deschis datele anul trecut, iar cei care le folosesc cel mai mult nu sunt cei pe care îi așteptam la început.",
	"hu": "A város tavaly megnyitotta az adatait, és nem azok használják a legtöbbet, akikre számítottunk, amikor elkezdtük.",
	"tr": "Şehir geçen yıl verilerini açtı ve en çok kullananlar, başladığımızda beklediğimiz kişiler değil.",
	"id": "Kota itu membuka datanya tahun lalu, dan orang yang paling sering memakainya bukan yang kami harapkan ketika kami mulai.",
	"vi": "Thành phố đã mở dữ liệu vào năm ngoái, và những người dùng nhiều nhất không phải là những người chúng tôi mong đợi.",
	"ru": "Город открыл свои данные в прошлом году, и те, кто пользуется ими чаще всего, — не те, кого мы ждали вначале.",
	"uk": "Місто відкрило свої дані минулого року, і ті, хто користується ними найчастіше, — не ті, кого ми чекали спочатку.",
	"bg": "Градът отвори данните си миналата година и хората, които ги използват най-много, не са тези, които очаквахме.",
	"sr": "Град је отворио своје податке прошле године, а људи који их највише користе нису они које смо очекивали.",
	"el": "Η πόλη άνοιξε τα δεδομένα της πέρυσι, και όσοι τα χρησιμοποιούν περισσότερο δεν είναι αυτοί που περιμέναμε.",
	"ar": "فتحت المدينة بياناتها في العام الماضي، والذين يستخدمونها أكثر من غيرهم ليسوا من كنا نتوقعهم في البداية.",
	"fa": "شهر سال گذشته داده\u200cهای خود را باز کرد و کسانی که بیشترین استفاده را می\u200cکنند، آن\u200cهایی نیستند که انتظار داشتیم.",
	"ur": "شہر نے پچھلے سال اپنا ڈیٹا کھول دیا، اور جو لوگ اسے سب سے زیادہ استعمال کرتے ہیں وہ نہیں ہیں جن کی ہمیں توقع تھی۔",
	"he": "העיר פתחה את הנתונים שלה בשנה שעברה, ואלה שמשתמשים בהם יותר מכל אינם אלה שציפינו להם בהתחלה.",
	"hi": "शहर ने पिछले साल अपना डेटा खोला, और जो लोग इसका सबसे अधिक उपयोग करते हैं वे नहीं हैं जिनकी हमें उम्मीद थी।",
	"zh": "这座城市去年开放了数据，而最常使用这些数据的人，并不是我们开始时所期待的人。",
	"ja": "市は昨年データを公開しましたが、最もよく使っている人は、始めたときに期待していた人ではありません。",
	"ko": "도시는 작년에 데이터를 공개했고, 가장 많이 사용하는 사람들은 우리가 처음에 기대했던 사람들이 아니다.",
	"th": "เมืองได้เปิดข้อมูลเมื่อปีที่แล้ว และคนที่ใช้มากที่สุดไม่ใช่คนที่เราคาดไว้",
	"am": "ከተማዋ ባለፈው ዓመት መረጃዋን ከፈተች፤ በጣም የሚጠቀሙባትም እኛ የጠበቅናቸው አይደሉም።",
	"hy": "Քաղաքը անցյալ տարի բացեց իր տվյալները, և դրանք ամենից շատ օգտագործողները նրանք չեն, ում սպասում էինք։",
	"ka": "ქალაქმა შარშან გახსნა თავისი მონაცემები და ვინც მათ ყველაზე ხშირად იყენებს, ის არ არის, ვისაც ველოდით.",
}

func TestLanguageIsTold(t *testing.T) {
	for want, text := range sentences {
		if got := Detect("", text, Prior{}); got != want {
			t.Errorf("without a prior %s is taken for %q: %s", want, got, text)
		}
		for _, wrong := range []string{"en", "de", "pt"} {
			if got := Detect("", strings.Repeat(text+" ", 3), Prior{Feed: wrong}); got != want {
				t.Errorf("declared %s, %s is taken for %q", wrong, want, got)
			}
		}
	}
}

func TestShortTextsTakeWhatIsSaidOfThem(t *testing.T) {
	tests := []struct {
		name, title, text string
		p                 Prior
		want              string
	}{
		{"a name", "Weeknotes", "", Prior{Feed: "fr-CA"}, "fr"},
		{"the item's own word first", "Innovation", "", Prior{Item: "es", Source: "fr", Feed: "en"}, "es"},
		{"then that of most items", "Innovation", "", Prior{Usual: "pt", Source: "fr", Feed: "en"}, "pt"},
		{"then the list's", "Innovation", "", Prior{Source: "fr", Feed: "en"}, "fr"},
		{"a declaration that only repeats the feed's", "Innovation", "", Prior{Item: "en", Usual: "pt", Feed: "en"},
			"pt"},
		{"not one that the script forbids", "Новости города", "", Prior{Feed: "en", Source: "bg"}, "bg"},
		{"a script is enough", "新闻", "", Prior{Feed: "en"}, "zh"},
		{"characters that two languages share", "東京都庁", "", Prior{Feed: "ja"}, "ja"},
		{"nothing known", "Innovation", "", Prior{}, ""},
		{"no word", "", "1234 !!!", Prior{Feed: "pt-BR"}, "pt"},
		{"a declaration that is none", "Innovation", "", Prior{Feed: "und", Source: "english"}, "en"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Detect(tt.title, tt.text, tt.p); got != tt.want {
				t.Errorf("language = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestBaseLanguage(t *testing.T) {
	for in, want := range map[string]string{"pt-BR": "pt", "EN_us": "en", " fr ": "fr", "zh-Hant-TW": "zh",
		"en, fr": "en", "eng": "en", "nb-NO": "no", "iw": "he", "und": "", "": "", "x": "", "c++": "", "German": "de",
		"gsw": "gsw"} {
		if got := Base(in); got != want {
			t.Errorf("BaseLanguage(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzLanguage(f *testing.F) {
	for _, s := range sentences {
		f.Add(s, "en")
	}
	f.Fuzz(func(t *testing.T, text, declared string) {
		got := Detect("", text, Prior{Feed: declared})
		if got != Base(got) {
			t.Errorf("language of %q declared %q is %q", text, declared, got)
		}
		if again := Detect("", text, Prior{Feed: declared}); again != got {
			t.Errorf("language of %q is %q, then %q", text, got, again)
		}
	})
}
