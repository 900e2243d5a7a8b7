package language

import "strings"

// voters are the languages that the vote on common words tells apart, in the
// order of their bits in ballots.
var voters = [...]string{"en", "fr", "es", "pt", "de", "it", "nl", "ca", "gl", "ro", "sv", "da", "no", "pl", "af",
	"cs", "sk", "hr", "sl", "fi", "hu", "tr", "eu", "id"}

// commonWords are the words that make up a third of running text in each of
// the voters, in the same order. Words that several share are listed for each:
// what tells relatives apart is the words that only one of them has.
var commonWords = [len(voters)]string{
	`the of and to in a is that for it on as with was at by be this have from or are an not but which they you we his her their
	 has had were been will would can could should there what when who how more all if out up about into than then its our your
	 one do just my me so he she no new other some these those most also after over only where through because it's i'm don't`,
	`le la les de des du un une et à en est que qui dans pour par sur au aux avec ce cette ces il elle ils nous vous je on ne pas
	 plus se sa son ses leur leurs ou où mais comme être sont été fait faire tout tous toute toutes l d qu n s c j m y aussi même
	 entre sans sous ainsi leurs notre votre nos vos très deux bien peut ont était depuis chez donc quand`,
	`el la los las de del un una unos unas y a en que es por para con se su sus lo al como más pero no o e ha han son fue ser está
	 están este esta estos estas ese esa muy también entre sin sobre todo todos ya hay cuando nos me le les si porque desde hasta
	 donde quien yo mi tu él ella nuestro nuestra otros otras años sido tiene cada puede`,
	`o a os as de do da dos das um uma uns umas e é em no na nos nas que por para com se seu sua seus suas ao aos à às como mais
	 mas não ou foi ser são está estão este esta isso isto ele ela eles muito também entre sem sobre todo todos já há quando nós
	 me lhe porque desde até onde quem eu pelo pela pelos pelas num numa você depois ainda tem têm anos`,
	`der die das und in zu den von mit ist des im für auf dem nicht ein eine einer einem einen als auch es an werden aus er hat dass
	 sie nach wird bei sich noch wie um am sind kann so über wir ich aber oder zum zur haben nur durch war ihr mehr man wenn was
	 vor bis unter sein mir mich uns ihre seine diese dieser dieses schon hier immer`,
	`il lo la i gli le di del della dei delle dello degli un una uno e è a in che per con su sul sulla da dal dalla al alla ai alle
	 non si come più ma anche o ha hanno sono era stato essere questo questa questi queste quello nel nella nei nelle ci se tra fra
	 mi ti loro suo sua suoi molto tutti tutto dopo quando perché cui ogni così l d c un'`,
	`de het een en van in is dat op te zijn voor met die niet aan er om ook als dan maar bij nog uit door over naar heeft hebben was
	 wordt worden deze dit wat wel kan meer hun ik je we hij ze geen of zo al tot onder onze na omdat tussen zich veel moet`,
	`el la els les de del dels un una i a en que és per amb no es se al als com més però o ha han són va ser aquest aquesta aquests
	 aquestes això també entre sense sobre tot tots ja hi quan ens em li si perquè des fins on qui jo el seu la seva seus seves nostre
	 molt cada pot any anys dins fer l d s n m tan pels pel`,
	`o a os as de do da dos das un unha uns unhas e é en no na nos nas que por para con se seu súa seus súas ao aos á ás como máis
	 mais pero non ou foi ser son está este esta isto el ela eles moito tamén entre sen sobre todo todos xa hai cando nós me lle porque
	 desde ata onde quen eu polo pola polos polas nun nunha despois aínda ten teñen anos`,
	`și si de la în in a cu pe nu este o un că ca din să sa mai pentru care sunt fost au ce dar se prin după dupa lui ei al ale între
	 era fi sau cum acest această aceste foarte doar toate tot cea cel cele ar va iar până despre unui unei`,
	`och i att det som en på är av för med den till inte de om ett har jag var men sig så från vi kan han när nu också efter eller
	 vid mot över ska där mycket alla skulle hade min mig du blir bara än ut upp sin sitt detta dessa`,
	`og i at det er en til af på de som med den for ikke der et har jeg var men sig så fra vi kan han når nu også efter eller ved
	 mod over skal hvor meget alle ville havde min mig du bliver kun end ud op sin sit dette disse om blev hvad være`,
	`og i at det er en til av på de som med den for ikke et har jeg var men seg så fra vi kan han når nå også etter eller ved mot
	 over skal hvor mye alle ville hadde min meg du blir bare enn ut opp sin sitt dette disse om ble hva være`,
	`i w na z się do nie to że jest o od po za dla przez jak ale co są by tego przy oraz jego tak już także może tym które który
	 która ich był było tylko lub ze czy być też jako pod`,
	`die en van in is het om te dat nie vir met op wat sy 'n hy ek ons was aan ook as maar deur hulle uit word sal kan by daar na`,
	`a v se na je že s z do o k i to ve pro za by ale si po od tak jako ze jsou jsem jeho při byl bylo jak které který která nebo už aby
	 však může také jen podle když mezi před více bude není u být co této tento své`,
	`a v sa na je že s z do o k i to vo pre za by ale si po od tak ako zo sú som jeho pri bol bolo čo ktoré ktorý ktorá alebo už aby
	 však môže tiež len podľa keď medzi pred viac bude nie nie je u byť tejto tento svoje sme boli ešte`,
	`i u je se na da su za od s o ne koji to kao će a iz što bi ili ali koja sve samo sa do nije kako po te više biti bio bilo oko
	 prije poslije nakon može tako još jer koje ima smo godine vrlo`,
	`in je se na da so za od z s v o ne ki to kot bo a iz kar bi ali pa tudi še po pri ter ni kako več biti bil bilo lahko samo zelo
	 svoj sem kje ko če do med leta kaj vse naj`,
	`ja on ei että se oli joka mutta kun niin myös ovat ole hän tai jos nyt kuin vain jo ne sen mukaan mitä voi olla tämä sitä sekä
	 hänen siitä jonka tämän vielä siis koska`,
	`a az és hogy nem is egy van azt de volt meg mint csak már még el ha ez ki lehet majd után fel vagy sem minden be szerint között
	 pedig ezt ami mert akkor több kell lesz igen`,
	`ve bir bu da de için ile çok ne olarak o gibi daha en kadar var olan ama ya sonra her ise mi değil olduğu diye iki ki yeni
	 göre tarafından oldu bunu nasıl şey`,
	`eta da ez du bat dira ere izan zen zuen dute bere egin baina hori dela hau egiten den beste bai edo oso orain ditu behar
	 gure nire arte hala duen baino`,
	`yang dan di dari untuk pada dengan ini itu dalam tidak akan adalah juga ke karena ada oleh sebagai bisa atau telah lebih saat
	 mereka saya kami kita sudah seperti`,
}

// ballots says for each common word which of the voters have it, one bit each.
var ballots = func() map[string]uint32 {
	m := map[string]uint32{}
	for i, words := range commonWords {
		for w := range strings.FieldsSeq(words) {
			m[w] |= 1 << i
		}
	}
	return m
}()
